package xiu.check;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads the segments of one transport stream in order and throws an {@link AssertionError} at the first thing that
 * ISO/IEC 13818-1 or RFC 8216 §3.2 does not allow: synchronisation, continuity over segments, checksums of the tables,
 * undeclared or declared but missing PIDs, clock intervals, order of time stamps. Written from the standards alone; it
 * shares no code with the muxer.
 */
public final class TsCheck {
    private static final int PACKET = 188;
    private static final long PCR_LIMIT = 9_000;
    private static final long WRAP = 1L << 33;

    private final Map<Integer, Integer> continuity = new HashMap<>();
    private final Map<Integer, Long> lastDts = new HashMap<>();
    private final Map<Integer, Open> open = new HashMap<>();
    private final boolean clockAlone;
    private int pmtPid;
    private int pcrPid;
    private int pmtVersion = -1;
    private byte[] pmtSection = {};
    private long lastPcr = -1;
    private Map<Integer, Integer> streams = Map.of();
    private List<TsPes> found = new ArrayList<>();

    /** Of a stream whose clock is one of its tracks, as that of every good one is. */
    public TsCheck() {
        this(false);
    }

    private TsCheck(boolean clockAlone) {
        this.clockAlone = clockAlone;
    }

    /** The clock may travel on a PID without a track, which is legal where no video came although it was announced. */
    public static TsCheck withClockOfItsOwn() {
        return new TsCheck(true);
    }

    private static final class Open {
        private final boolean randomAccess;
        private final long arrival;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        private Open(boolean randomAccess, long arrival) {
            this.randomAccess = randomAccess;
            this.arrival = arrival;
        }
    }

    /** What one segment holds: its declared streams (PID to stream type), the clock's PID and its PES packets. */
    public record Segment(Map<Integer, Integer> streams, int pcrPid, int pmtVersion, List<TsPes> pes) {
        /** The PES packets of video. */
        public List<TsPes> video() {
            return pes.stream().filter(p -> isVideo(p.streamType())).toList();
        }

        /** The PES packets of audio. */
        public List<TsPes> audio() {
            return pes.stream().filter(p -> !isVideo(p.streamType())).toList();
        }
    }

    /** Reads the next segment; {@code afterBreak}: the playlist says that the timeline or the tracks may have changed. */
    public Segment segment(byte[] bytes, boolean afterBreak) {
        check(bytes.length % PACKET == 0 && bytes.length >= 3 * PACKET, "segment length %d", bytes.length);
        check(pid(bytes, 0) == 0, "first packet has PID %d (expected: the PAT)", pid(bytes, 0));
        if (afterBreak) {
            lastPcr = -1;
            lastDts.clear();
        }
        Map<Integer, Integer> before = streams;
        found = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += PACKET) {
            packet(bytes, at);
            check(at != PACKET || pid(bytes, at) == pmtPid, "second packet (expected: the PMT)");
        }
        open.forEach(this::close);
        open.clear();
        check(
                afterBreak || before.isEmpty() || before.equals(streams),
                "tracks changed from %s to %s",
                before,
                streams);
        return new Segment(streams, pcrPid, pmtVersion, List.copyOf(found));
    }

    /** The segment begins with a picture that needs no other, or holds no video at all. */
    public static boolean independent(Segment segment) {
        if (segment.video().isEmpty()) {
            return true;
        }
        TsPes first = segment.video().getFirst();
        return first.randomAccess() && (first.streamType() == 0x1B ? avcStart(first) : hevcStart(first));
    }

    private static boolean avcStart(TsPes pes) {
        List<Integer> types = nalTypes(pes.payload(), false);
        return types.size() >= 4
                && types.getFirst() == 9
                && types.indexOf(7) > 0
                && types.indexOf(8) > types.indexOf(7)
                && types.indexOf(5) > types.indexOf(8);
    }

    private static boolean hevcStart(TsPes pes) {
        List<Integer> types = nalTypes(pes.payload(), true);
        int picture = types.stream()
                .filter(t -> t >= 16 && t < 24)
                .findFirst()
                .map(types::indexOf)
                .orElse(-1);
        return types.getFirst() == 35
                && types.indexOf(32) == 1
                && types.indexOf(33) > 1
                && types.indexOf(34) > types.indexOf(33)
                && picture > types.indexOf(34);
    }

    /** The NAL unit types of a byte stream, in order. */
    public static List<Integer> nalTypes(byte[] es, boolean hevc) {
        List<Integer> types = new ArrayList<>();
        for (int i = 0; i + 3 < es.length; i++) {
            if (es[i] == 0 && es[i + 1] == 0 && es[i + 2] == 1) {
                types.add(hevc ? es[i + 3] >> 1 & 0x3F : es[i + 3] & 0x1F);
            }
        }
        return types;
    }

    private void packet(byte[] b, int at) {
        check(b[at] == 0x47, "no sync byte at %d", at);
        boolean start = (b[at + 1] & 0x40) != 0;
        int pid = pid(b, at);
        int control = b[at + 3] >> 4 & 3;
        int counter = b[at + 3] & 15;
        check((b[at + 1] & 0x80) == 0 && (b[at + 3] & 0xC0) == 0, "error or scrambling at %d", at);
        check(control != 0, "reserved adaptation_field_control at %d", at);
        boolean payload = (control & 1) != 0;
        Integer last = continuity.put(pid, counter);
        if (!payload && isBreak(b, at)) {
            lastPcr = pid == pcrPid ? -1 : lastPcr;
        } else if (last != null) {
            int expected = payload ? last + 1 & 15 : last;
            check(counter == expected, "PID %d: continuity counter %d (expected: %d)", pid, counter, expected);
        }
        int payloadAt = at + 4;
        boolean randomAccess = false;
        if ((control & 2) != 0) {
            int length = b[at + 4] & 0xFF;
            check(payload ? length <= 182 : length == 183, "adaptation field length %d", length);
            payloadAt += 1 + length;
            randomAccess = length > 0 && (b[at + 5] & 0x40) != 0;
            if (length > 0 && (b[at + 5] & 0x10) != 0) {
                clock(pid, b, at, (b[at + 5] & 0x80) != 0);
            } else {
                check(!randomAccess || pid != pcrPid, "random access without a clock");
            }
        }
        if (payload) {
            payload(pid, start, randomAccess, Arrays.copyOfRange(b, payloadAt, at + PACKET));
        }
    }

    /** A packet that carries nothing but the notice that counters and clock of its PID go on elsewhere (§2.4.3.5). */
    private static boolean isBreak(byte[] b, int at) {
        return (b[at + 5] & 0x90) == 0x80;
    }

    private void clock(int pid, byte[] b, int at, boolean discontinuity) {
        check(pid == pcrPid, "clock on PID %d (expected: %d)", pid, pcrPid);
        long base = (Integer.toUnsignedLong(int32(b, at + 6)) << 1) | (b[at + 10] >> 7 & 1);
        if (lastPcr >= 0 && !discontinuity) {
            long step = Math.floorMod(base - lastPcr, WRAP);
            check(step > 0 && step <= PCR_LIMIT, "clock step of %d ticks (expected: 1 to %d)", step, PCR_LIMIT);
        }
        lastPcr = base;
    }

    private void payload(int pid, boolean start, boolean randomAccess, byte[] bytes) {
        if (pid == 0 || pid == pmtPid) {
            section(pid, start, bytes);
            return;
        }
        check(streams.containsKey(pid), "PID %d is not in the PMT %s", pid, streams);
        if (start) {
            Open done = open.remove(pid);
            if (done != null) {
                close(pid, done);
            }
            open.put(pid, new Open(randomAccess, lastPcr));
        }
        Open unit = open.get(pid);
        check(unit != null, "PID %d goes on with a unit of another segment", pid);
        unit.bytes.writeBytes(bytes);
    }

    private void section(int pid, boolean start, byte[] b) {
        check(start && b[0] == 0, "section does not begin in its packet");
        int length = (b[2] & 0x0F) << 8 | b[3] & 0xFF;
        check((b[2] & 0xF0) == 0xB0 && length <= 180, "section header %x, length %d", b[2], length);
        byte[] section = Arrays.copyOfRange(b, 1, 1 + 3 + length);
        check(crc(section) == 0, "checksum of the table on PID %d", pid);
        for (int i = 4 + length; i < b.length; i++) {
            check(b[i] == (byte) 0xFF, "stuffing after a section");
        }
        if (pid == 0) {
            check(section[0] == 0 && length == 13, "PAT of one program");
            pmtPid = (section[10] & 0x1F) << 8 | section[11] & 0xFF;
        } else {
            programMap(section, length);
        }
    }

    private void programMap(byte[] s, int length) {
        check(s[0] == 2, "table id of the PMT: %d", s[0]);
        int version = s[5] >> 1 & 31;
        pcrPid = (s[8] & 0x1F) << 8 | s[9] & 0xFF;
        Map<Integer, Integer> listed = new TreeMap<>();
        int at = 12 + ((s[10] & 0x0F) << 8 | s[11] & 0xFF);
        while (at < 3 + length - 4) {
            listed.put((s[at + 1] & 0x1F) << 8 | s[at + 2] & 0xFF, s[at] & 0xFF);
            at += 5 + ((s[at + 3] & 0x0F) << 8 | s[at + 4] & 0xFF);
        }
        byte[] content = Arrays.copyOfRange(s, 6, s.length - 4);
        boolean same = Arrays.equals(content, pmtSection);
        check(pmtVersion < 0 || same == (version == pmtVersion), "PMT version %d after %d", version, pmtVersion);
        check(clockAlone || listed.containsKey(pcrPid), "clock PID %d is none of %s", pcrPid, listed.keySet());
        pmtVersion = version;
        pmtSection = content;
        streams = Map.copyOf(listed);
    }

    private void close(int pid, Open unit) {
        byte[] b = unit.bytes.toByteArray();
        check(b[0] == 0 && b[1] == 0 && b[2] == 1, "PES start code on PID %d", pid);
        int type = streams.get(pid);
        check((b[3] & 0xFF) == (isVideo(type) ? 0xE0 : 0xC0), "stream id %x", b[3]);
        int length = (b[4] & 0xFF) << 8 | b[5] & 0xFF;
        check(length == 0 ? isVideo(type) && b.length > 65_541 : length == b.length - 6, "PES length %d", length);
        int flags = b[7] >> 6 & 3;
        check((b[6] & 0xC0) == 0x80 && (flags == 2 || flags == 3), "PES flags");
        check(b[8] == (flags == 3 ? 10 : 5), "PES header length %d", b[8]);
        long pts = stamp(b, 9, flags);
        long dts = flags == 3 ? stamp(b, 14, 1) : pts;
        check(Math.floorMod(pts - dts, WRAP) < WRAP / 2, "shown before it is decoded");
        Long last = lastDts.put(pid, dts);
        check(last == null || Math.floorMod(dts - last, WRAP) < WRAP / 2 && dts != last, "decoding time runs back");
        check(unit.arrival < 0 || Math.floorMod(dts - unit.arrival, WRAP) < WRAP / 2, "decoded before it arrives");
        found.add(new TsPes(pid, type, pts, dts, unit.randomAccess, Arrays.copyOfRange(b, 9 + b[8], b.length)));
    }

    private static long stamp(byte[] b, int at, int prefix) {
        check((b[at] >> 4 & 15) == prefix && (b[at] & b[at + 2] & b[at + 4] & 1) == 1, "time stamp's marker bits");
        return (long) (b[at] >> 1 & 7) << 30
                | (b[at + 1] & 0xFF) << 22
                | (b[at + 2] & 0xFE) << 14
                | (b[at + 3] & 0xFF) << 7
                | (b[at + 4] & 0xFE) >> 1;
    }

    private static boolean isVideo(int streamType) {
        return streamType == 0x1B || streamType == 0x24;
    }

    private static int pid(byte[] b, int at) {
        return (b[at + 1] & 0x1F) << 8 | b[at + 2] & 0xFF;
    }

    private static int int32(byte[] b, int at) {
        return (b[at] & 0xFF) << 24 | (b[at + 1] & 0xFF) << 16 | (b[at + 2] & 0xFF) << 8 | b[at + 3] & 0xFF;
    }

    private static int crc(byte[] section) {
        int crc = -1;
        for (byte b : section) {
            for (int bit = 7; bit >= 0; bit--) {
                int top = crc >>> 31 ^ b >> bit & 1;
                crc = crc << 1 ^ (top == 1 ? 0x04C11DB7 : 0);
            }
        }
        return crc;
    }

    private static void check(boolean right, String what, Object... with) {
        if (!right) {
            throw new AssertionError("transport stream: " + what.formatted(with));
        }
    }
}
