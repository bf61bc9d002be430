package xiu.segment.cut;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xiu.bytes.MalformedDataException;
import xiu.codec.VideoConfig;
import xiu.codec.nal.NalConfig;
import xiu.codec.nal.NalSyntax;
import xiu.codec.nal.ParameterSets;
import xiu.codec.video.NalUnits;
import xiu.media.MediaPacket;
import xiu.media.Track;

/**
 * Inspects the samples of video for what cutting depends on: whether there is a picture, whether a decoder can begin
 * with it, and whether codec or size have changed, for which the sequence parameter set of the slice is compared. Knows
 * no container. Confined to one thread.
 */
public final class PictureScan {
    private @Nullable Track track;
    private @Nullable ParameterSets sets;
    private @Nullable ByteBuf sequenceSet;
    private int sequence;
    private boolean picture;
    private boolean entry;

    /**
     * Inspects the next packet of the video track; borrowed. A sample that cannot be read counts as one without a
     * picture.
     */
    public void scan(MediaPacket packet) {
        picture = false;
        entry = false;
        if (!(packet.track().config() instanceof NalConfig config)) {
            return;
        }
        ParameterSets before = sets;
        if (packet.track() != track || before == null) {
            track = packet.track();
            before = config.parameterSets();
        }
        try {
            scan(packet, config, before);
        } catch (MalformedDataException leftToTheMuxer) {
            picture = false;
            sets = before;
        }
    }

    private void scan(MediaPacket packet, NalConfig config, ParameterSets before) {
        NalSyntax syntax = before.syntax();
        ByteBuf sample = packet.sample();
        NalUnits units = new NalUnits(sample, config.nalLengthSize());
        ParameterSets now = before;
        while (units.next()) {
            int type = syntax.type(units);
            if (syntax.isParameterSet(type)) {
                now = now.with(sample, units.index(), units.length());
            } else if (syntax.isPicture(type) && !picture) {
                picture = true;
                if (packet.keyFrame() || now != sets) {
                    decodedBy(sequenceSetOf(now, sample, units));
                }
            }
        }
        sets = now;
        entry = picture
                && (packet.keyFrame()
                        || packet.track().config() instanceof VideoConfig video && video.isRecoveryPoint(sample));
    }

    private @Nullable ByteBuf sequenceSetOf(ParameterSets now, ByteBuf sample, NalUnits slice) {
        ByteBuf named = now.sequenceOf(sample, slice.index(), slice.length());
        if (named != null) {
            return named;
        }
        // The slice cannot be read: it is assumed to use the same set as before, if that is still there.
        List<ByteBuf> all = now.sequences();
        return all.isEmpty() || sequenceSet != null && all.contains(sequenceSet) ? sequenceSet : all.getFirst();
    }

    private void decodedBy(@Nullable ByteBuf set) {
        if (sequence == 0 || set != null && !set.equals(sequenceSet)) {
            sequence++;
            sequenceSet = set;
        }
    }

    /** Whether the packet holds a picture. */
    public boolean hasPicture() {
        return picture;
    }

    /** Whether a decoder can begin with it: at a key frame at once, at a recovery point some pictures later. */
    public boolean isEntry() {
        return entry;
    }

    /** The sequence of pictures: a number, from 1, that changes when they are decoded with another configuration. */
    public int sequence() {
        return sequence;
    }
}
