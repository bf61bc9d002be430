# What async-profiler collapses (collapsed,ann,dot,threads) to "part:frame;part:frame… count", the thread first; sort and
# uniq it. Parts: t thread, k kernel, j JVM and C library, n Netty, d JDK, x Xiu, o other libraries. Goes without what
# differs from run to run (numbers of threads, addresses of hidden classes, paths), compilers' suffixes and the frames that
# every thread begins with.
function part(frame) {
    if (frame ~ /_\[k\]$/) return "k"
    if (frame ~ /libnetty/) return "n"
    if (frame !~ /_\[[0-9ij]\]$/ || frame !~ /\./) return "j"
    if (frame ~ /^xiu\./) return "x"
    if (frame ~ /^io\.netty\./) return "n"
    return frame ~ /^(java|javax|jdk|sun)\./ ? "d" : "o"
}
function name(frame) {
    sub(/_\[[0-9a-z]\]$/, "", frame)
    sub(/ \(deleted\)$/, "", frame)
    if (frame ~ /\.so/) sub(/^.*\//, "", frame)
    if (frame ~ /^libnetty_/) sub(/_[a-z0-9]+_[0-9]+\.so$/, ".so", frame)
    gsub(/\.0x[0-9a-f]+/, "", frame)
    if (frame !~ /\$/) sub(/\.(isra|part|constprop|cold)(\.[0-9]+)?$/, "", frame)
    return frame
}
function thread(frame) {
    sub(/ tid=[0-9]+\]$/, "", frame)
    sub(/^\[/, "", frame)
    sub(/(-[0-9]+)+$/, "", frame)
    return frame
}
function beginning(frame) {
    return frame ~ /^(clone3?|start_thread|thread_native_entry|Thread::call_run|JavaThread::thread_main_inner)$/ \
        || frame ~ /^java\.lang\.Thread\.run/ \
        || frame ~ /^io\.netty\.util\.(concurrent\.FastThreadLocalRunnable|internal\.ThreadExecutorMap\$.*|concurrent\.SingleThreadEventExecutor\$.*)\.run$/
}
{
    count = $NF
    sub(/ [0-9]+$/, "")
    frames = split($0, frame, ";")
    own = thread(frame[1])
    # That thread works for the profiler alone.
    if (own ~ /^Attach Listener/) next
    line = "t:" own
    for (i = 2; i <= frames && beginning(name(frame[i])); i++) { }
    for (; i <= frames; i++) line = line ";" part(frame[i]) ":" name(frame[i])
    sum[line] += count
}
END { for (line in sum) print line " " sum[line] }
