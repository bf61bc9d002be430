package xiu.container.mpegts;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xiu.bytes.MalformedDataException;
import xiu.media.MediaPacket;
import xiu.media.PacketWriter;
import xiu.media.Track;
import xiu.media.TrackKind;

/**
 * Packets to an endless transport stream. PAT and PMT are written where readers may begin, where the tracks change, and
 * twice a second. Audio waits only for the second frame of its PES packet. Confined to the log's writer.
 */
final class TsStreamWriter implements PacketWriter {
    /** Receivers expect the tables this often, µs (ETSI TR 101 290 §5.2.1). */
    private static final long TABLES_STEP = 500_000;

    private static final int VERSIONS = 32;
    private static final int TABLE_BYTES = 184;
    private static final int SYNC = 0x47;
    private static final int ADAPTATION_ALONE = 0x20;
    private static final int DISCONTINUITY = 0x80;

    private final TsUnits units = new TsUnits(ByteBufAllocator.DEFAULT);
    private final AudioGroup audio = AudioGroup.copying(units);
    private final TsTracks tracks = new TsTracks(units, audio);
    private final TsPacketCutter cutter = new TsPacketCutter();
    private final TsPid patPid = new TsPid(TsPid.PAT);
    private final TsPid pmtPid = new TsPid(TsPid.PMT);
    private final ByteBuf table = Unpooled.buffer(TsPacketCutter.PACKET, TsPacketCutter.PACKET);
    private @Nullable StreamType video;
    private @Nullable StreamType sound;
    private PsiTables.@Nullable Program lastProgram;
    private int version = VERSIONS - 1;
    private boolean tablesDue = true;
    private long lastTables;

    @Override
    public int pending() {
        tracks.flushAudio();
        return bytes();
    }

    @Override
    public void flush(ByteBuf out) {
        cut(out);
    }

    @Override
    public byte[] entry(List<Track> announced) {
        video = type(announced, Track.VIDEO_ID);
        sound = type(announced, Track.AUDIO_ID);
        tablesDue = true;
        tracks.entry();
        tracks.demandClock();
        return discontinuities();
    }

    private static @Nullable StreamType type(List<Track> tracks, int id) {
        for (Track track : tracks) {
            if (track.id() == id) {
                return StreamType.of(track.config());
            }
        }
        return null;
    }

    /** A packet for each PID which says that its counter, and the clock, need not continue (§2.4.3.5). */
    private byte[] discontinuities() {
        ByteBuf out = Unpooled.buffer(4 * TsPacketCutter.PACKET);
        discontinuity(patPid, out);
        discontinuity(pmtPid, out);
        if (video != null) {
            discontinuity(tracks.videoPid(), out);
        }
        if (sound != null) {
            discontinuity(tracks.audioPid(), out);
        }
        return Arrays.copyOf(out.array(), out.writerIndex());
    }

    private static void discontinuity(TsPid pid, ByteBuf out) {
        int end = out.writerIndex() + TsPacketCutter.PACKET;
        out.writeByte(SYNC).writeShort(pid.value()).writeByte(ADAPTATION_ALONE | pid.current());
        out.writeByte(TABLE_BYTES - 1).writeByte(DISCONTINUITY);
        while (out.writerIndex() < end) {
            out.writeByte(0xFF);
        }
    }

    @Override
    public int measure(MediaPacket packet) {
        notice(packet);
        if (tablesDue || packet.dts() - lastTables >= TABLES_STEP) {
            writeTables(packet);
        }
        try {
            tracks.write(packet);
            if (audio.isComplete()) {
                tracks.flushAudio();
            }
        } catch (MalformedDataException leftOut) {
            // As in segments, the frame is left out, and the stream goes on.
        }
        return bytes();
    }

    /** A track that was not announced has come, or another codec. */
    private void notice(MediaPacket packet) {
        StreamType type = StreamType.of(packet.track().config());
        boolean isVideo = packet.track().kind() == TrackKind.VIDEO;
        if (type == (isVideo ? video : sound)) {
            return;
        }
        tracks.flushAudio();
        video = isVideo ? type : video;
        sound = isVideo ? sound : type;
        tablesDue = true;
    }

    private void writeTables(MediaPacket next) {
        boolean clockOnVideo = video != null;
        PsiTables.Program program = new PsiTables.Program(video, sound, clockOnVideo ? TsPid.VIDEO : TsPid.AUDIO);
        if (!program.isSame(lastProgram)) {
            version = (version + 1) % VERSIONS;
            lastProgram = program;
        }
        PsiTables.pat(table, 0, 0);
        writeTable(patPid);
        PsiTables.pmt(table, 0, 0, version, program);
        writeTable(pmtPid);
        tablesDue = false;
        lastTables = next.dts();
        tracks.clockOn(clockOnVideo);
        if (clockOnVideo && next.track().kind() == TrackKind.AUDIO) {
            tracks.startClock(next.dts());
        }
    }

    /** Writes a table as a unit without header, which is made when it is cut. */
    private void writeTable(TsPid pid) {
        units.begin(pid, TABLE_BYTES, TsMark.NONE);
        units.write(table, TsPacketCutter.PACKET - TABLE_BYTES, TABLE_BYTES);
    }

    private int bytes() {
        return units.packets() * TsPacketCutter.PACKET;
    }

    @Override
    public void packet(MediaPacket packet, ByteBuf out) {
        cut(out);
    }

    private void cut(ByteBuf out) {
        units.cut(cutter.to(out));
    }

    @Override
    public void restart() {
        tablesDue = true;
    }

    @Override
    public void close() {
        audio.clear();
        units.clear();
    }
}
