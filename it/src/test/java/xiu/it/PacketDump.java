package xiu.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** The coded packets of a file or URL as ffprobe sees them, in the order in which they come. */
record PacketDump(List<Packet> packets) {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final long MICROS = 1_000_000;

    /** Anything in a start-code stream that the container may add or leave out: parameter sets and delimiters. */
    private static final Map<String, String> VIDEO_FILTERS = Map.of(
            "h264", "h264_mp4toannexb,filter_units=remove_types=7|8|9|12",
            "hevc", "hevc_mp4toannexb,filter_units=remove_types=32|33|34|35|38");

    /**
     * One packet.
     *
     * @param kind video, audio or data
     * @param pts µs; {@link Long#MIN_VALUE} when there is none
     * @param dts µs; {@link Long#MIN_VALUE} when there is none
     * @param hash MD5 of the payload
     */
    record Packet(String kind, long pts, long dts, boolean keyFrame, int size, String hash) {}

    static PacketDump of(Path file) {
        return of(file.toString());
    }

    static PacketDump of(String url, String... inputOptions) {
        List<String> arguments = new ArrayList<>(List.of(inputOptions));
        arguments.addAll(List.of("-show_packets", "-show_data_hash", "MD5", "-of", "compact=print_section=0:nokey=0"));
        arguments.addAll(List.of("-show_entries", "packet=codec_type,pts_time,dts_time,size,flags,data_hash", url));
        String text = MediaTools.ffprobe(TIMEOUT, arguments.toArray(String[]::new));
        return new PacketDump(text.lines()
                .filter(line -> line.contains("codec_type="))
                .map(PacketDump::parse)
                .toList());
    }

    /**
     * The packets without what differs between containers though the media are the same: parameter sets and delimiters
     * in the stream, start codes, ADTS headers. Timestamps are kept as they are.
     */
    static PacketDump normalised(Path file) {
        List<String> arguments = new ArrayList<>(List.of("-copyts", "-i", file.toString(), "-map", "0", "-c", "copy"));
        String filter = VIDEO_FILTERS.get(codec(file, "v"));
        if (filter != null) {
            arguments.addAll(List.of("-bsf:v", filter));
        }
        if (codec(file, "a").equals("aac")) {
            arguments.addAll(List.of("-bsf:a", "aac_adtstoasc"));
        }
        Path list = Workspace.temporary("normalised").resolve("packets.txt");
        arguments.addAll(List.of("-avoid_negative_ts", "disabled", "-f", "framemd5", list.toString()));
        MediaTools.ffmpeg(TIMEOUT, arguments.toArray(String[]::new));
        return ofList(lines(list), of(file));
    }

    /** A list of ffmpeg's has everything but which frames are keys: that is taken from the same packets as they were. */
    private static PacketDump ofList(List<String> list, PacketDump raw) {
        Map<String, String> kinds = new HashMap<>();
        Map<String, BigDecimal> ticks = new HashMap<>();
        Map<String, Iterator<Packet>> originals = new HashMap<>();
        List<Packet> packets = new ArrayList<>();
        for (String line : list) {
            String[] words = line.strip().split("[\\s:,/]+");
            if (line.startsWith("#tb")) {
                BigDecimal second = new BigDecimal(words[2]).multiply(BigDecimal.valueOf(MICROS));
                ticks.put(words[1], second.divide(new BigDecimal(words[3]), 9, RoundingMode.HALF_UP));
            } else if (line.startsWith("#media_type")) {
                kinds.put(words[1], words[2]);
                originals.put(words[1], raw.only(words[2]).packets.iterator());
            } else if (!line.startsWith("#")) {
                String track = words[0];
                long dts = micros(words[1], ticks.get(track));
                long pts = micros(words[2], ticks.get(track));
                boolean key = originals.get(track).next().keyFrame;
                packets.add(new Packet(kinds.get(track), pts, dts, key, Integer.parseInt(words[4]), words[5]));
            }
        }
        originals.values().forEach(rest -> {
            if (rest.hasNext()) {
                throw new AssertionError("a packet was lost: " + rest.next());
            }
        });
        return new PacketDump(packets);
    }

    private static long micros(String time, BigDecimal tick) {
        long ticks = Long.parseLong(time);
        return ticks == Long.MIN_VALUE
                ? ticks
                : tick.multiply(BigDecimal.valueOf(ticks)).longValue();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The codec of the first stream of a kind (v or a), or an empty text. */
    static String codec(Path file, String kind) {
        return MediaTools.ffprobe(
                        TIMEOUT,
                        "-select_streams",
                        kind + ":0",
                        "-show_entries",
                        "stream=codec_name",
                        "-of",
                        "default=nokey=1:noprint_wrappers=1",
                        file.toString())
                .strip()
                .lines()
                .findFirst()
                .orElse("");
    }

    PacketDump video() {
        return only("video");
    }

    PacketDump audio() {
        return only("audio");
    }

    List<String> hashes() {
        return packets.stream().map(Packet::hash).toList();
    }

    /** From the first packet of `kind` with this payload on; empty when there is none. */
    PacketDump from(String hash) {
        int first = hashes().indexOf(hash);
        return new PacketDump(first < 0 ? List.of() : packets.subList(first, packets.size()));
    }

    private PacketDump only(String kind) {
        return new PacketDump(
                packets.stream().filter(packet -> packet.kind.equals(kind)).toList());
    }

    private static Packet parse(String line) {
        Map<String, String> values = new HashMap<>();
        for (String field : line.split("\\|")) {
            int equals = field.indexOf('=');
            values.put(field.substring(0, Math.max(equals, 0)), field.substring(equals + 1));
        }
        return new Packet(
                values.get("codec_type"),
                micros(values.get("pts_time")),
                micros(values.get("dts_time")),
                values.get("flags").startsWith("K"),
                Integer.parseInt(values.get("size")),
                values.get("data_hash").replaceFirst("^MD5:", ""));
    }

    private static long micros(String seconds) {
        return seconds == null || seconds.equals("N/A")
                ? Long.MIN_VALUE
                : new BigDecimal(seconds).multiply(BigDecimal.valueOf(MICROS)).longValue();
    }
}
