# Sorted stacks of stacks.awk to an SVG flame graph: the width of a frame is its share of the samples, what it calls stands
# on it. Frames narrower than `narrow` % are drawn as one where they touch. Variables: title, narrow.
BEGIN {
    W = 1200; MARGIN = 10; TOP = 74; ROW = 16; if (narrow == "") narrow = 0.3
    split("x k n d j o t", kinds, " ")
    colour["x"] = "#7cc26a"; label["x"] = "Xiu"
    colour["k"] = "#f0a860"; label["k"] = "kernel"
    colour["n"] = "#7fb0e6"; label["n"] = "Netty"
    colour["d"] = "#b9a5e0"; label["d"] = "JDK classes"
    colour["j"] = "#e58f8f"; label["j"] = "JVM and C library"
    colour["o"] = "#e0d070"; label["o"] = "other libraries"
    colour["t"] = "#d8d8d8"; label["t"] = "thread"
    first[0] = 0; nodes = 0
}
{
    count = $NF
    sub(/ [0-9]+$/, "")
    frames = split($0, frame, ";")
    value[0] += count
    node = 0
    for (i = 1; i <= frames; i++) {
        key = node SUBSEP frame[i]
        if (!(key in child)) {
            child[key] = ++nodes
            text[nodes] = frame[i]
            # Children hang in their order of arrival, which is sorted.
            if (node in last) next_one[last[node]] = nodes; else first[node] = nodes
            last[node] = nodes
        }
        node = child[key]
        value[node] += count
    }
}
function percent(samples) { return samples * 100 / value[0] }
function escaped(s) {
    gsub(/&/, "\\&amp;", s); gsub(/</, "\\&lt;", s); gsub(/>/, "\\&gt;", s); gsub(/'/, "\\&#39;", s)
    return s
}
# The class and the method of Java's frames, the whole name of others.
function short(kind, s,    n, word) {
    if (kind !~ /[xndo]/ || s ~ /\.so$/) return s
    n = split(s, word, ".")
    return n < 2 ? s : word[n - 1] "." word[n]
}
function box(x, samples, depth, fill, says, tells,    width, room, y) {
    width = samples * scale; y = bottom - (depth + 1) * ROW
    drawn = drawn sprintf("<g><title>%s, %.1f %%</title><rect x='%.1f' y='%d' width='%.1f' height='%d' fill='%s' stroke='white' stroke-width='0.5'/>", escaped(tells), percent(samples), x, y, width, ROW, fill)
    room = int((width - 6) / 6.1)
    if (length(says) + 7 <= room) says = says sprintf(" %.1f %%", percent(samples))
    else if (length(says) > room) says = room < 4 ? "" : substr(says, 1, room - 1) "…"
    if (says != "") drawn = drawn sprintf("<text x='%.1f' y='%d'>%s</text>", x + 3, y + 12, escaped(says))
    drawn = drawn "</g>\n"
}
# The height that is needed, before anything is drawn.
function deepest(node, depth,    c, d, most) {
    most = depth
    for (c = first[node]; c; c = next_one[c])
        if (percent(value[c]) >= narrow && (d = deepest(c, depth + 1)) > most) most = d
    return most
}
function draw(node, x, depth,    c, kind, s, at, many, sum) {
    at = x
    for (c = first[node]; c; c = next_one[c]) {
        if (percent(value[c]) < narrow) { many++; sum += value[c]; continue }
        kind = substr(text[c], 1, 1); s = substr(text[c], 3)
        box(at, value[c], depth, colour[kind], short(kind, s), s)
        draw(c, at, depth + 1)
        at += value[c] * scale
    }
    if (percent(sum) >= narrow) box(at, sum, depth, "#eeeeee", "…", many " narrower frames")
}
END {
    if (!value[0]) { print "flame.awk: no stacks" > "/dev/stderr"; exit 1 }
    scale = (W - 2 * MARGIN) / value[0]
    H = TOP + deepest(0, 0) * ROW + MARGIN
    bottom = H - MARGIN
    draw(0, MARGIN, 0)
    printf "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif' font-size='11'>\n", W, H
    print "<rect width='100%' height='100%' fill='white'/>"
    printf "<text x='%d' y='24' font-size='16' font-weight='bold'>%s</text>\n", MARGIN, escaped(title)
    printf "<text x='%d' y='42' fill='#555555'>Width: share of the processor time (%d samples). What is called stands on what calls it. Frames below %g %% are drawn as one or not at all.</text>\n", MARGIN, value[0], narrow
    x = MARGIN
    for (i = 1; i in kinds; i++) {
        printf "<rect x='%d' y='52' width='12' height='12' fill='%s'/><text x='%d' y='62'>%s</text>\n", x, colour[kinds[i]], x + 16, label[kinds[i]]
        x += 40 + 6.1 * length(label[kinds[i]])
    }
    printf "%s</svg>\n", drawn
}
