# Lines of "series<TAB>x<TAB>y", sorted, to an SVG with logarithmic axes. Variables: title, unit.
BEGIN { FS = "\t"; W = 720; H = 420; L = 70; R = 190; T = 40; B = 50; split("#2266cc #cc3333 #22aa77 #aa6600 #8844bb #555555", colour, " ") }
$2 > 0 && $3 > 0 {
    if (!($1 in index_of)) { index_of[$1] = ++n; name[n] = $1 }
    s = index_of[$1]; k = ++count[s]; x[s, k] = $2; y[s, k] = $3; xs[$2] = 1
    if (lowx == "" || $2 + 0 < lowx) lowx = $2 + 0
    if ($2 + 0 > highx) highx = $2 + 0
    if (lowy == "" || $3 + 0 < lowy) lowy = $3 + 0
    if ($3 + 0 > highy) highy = $3 + 0
}
function decade(v) { return 10 ^ (int(log(v) / log(10) + 1000) - 1000) }
function px(v) { return L + (W - L - R) * (highx > lowx ? log(v / lowx) / log(highx / lowx) : 0.5) }
function py(v) { return H - B - (H - T - B) * log(v / floor_y) / log(top_y / floor_y) }
END {
    floor_y = n ? decade(lowy) : 1; top_y = n ? decade(highy) * 10 : 10
    printf "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif' font-size='12'>\n", W, H
    print "<rect width='100%' height='100%' fill='white'/>"
    printf "<text x='%d' y='22' font-size='15' font-weight='bold'>%s, %s</text>\n", L, title, unit
    for (v = floor_y; v <= top_y * 1.01; v *= 10)
        printf "<line x1='%d' x2='%d' y1='%.1f' y2='%.1f' stroke='#dddddd'/><text x='%d' y='%.1f' text-anchor='end'>%g</text>\n", L, W - R, py(v), py(v), L - 8, py(v) + 4, v
    for (v in xs)
        printf "<line x1='%.1f' x2='%.1f' y1='%d' y2='%d' stroke='#eeeeee'/><text x='%.1f' y='%d' text-anchor='middle'>%d</text>\n", px(v), px(v), T, H - B, px(v), H - B + 18, v
    printf "<text x='%d' y='%d' text-anchor='middle'>players</text>\n", (L + W - R) / 2, H - 10
    for (s = 1; s <= n; s++) {
        c = colour[(s - 1) % 6 + 1]
        printf "<polyline fill='none' stroke='%s' stroke-width='2' points='", c
        for (k = 1; k <= count[s]; k++) printf "%.1f,%.1f ", px(x[s, k]), py(y[s, k])
        print "'/>"
        for (k = 1; k <= count[s]; k++)
            printf "<circle cx='%.1f' cy='%.1f' r='3' fill='%s'><title>%s: %g</title></circle>\n", px(x[s, k]), py(y[s, k]), c, name[s], y[s, k]
        printf "<line x1='%d' x2='%d' y1='%d' y2='%d' stroke='%s' stroke-width='2'/><text x='%d' y='%d'>%s</text>\n", W - R + 14, W - R + 34, T + 20 * s, T + 20 * s, c, W - R + 40, T + 20 * s + 4, name[s]
    }
    print "</svg>"
}
