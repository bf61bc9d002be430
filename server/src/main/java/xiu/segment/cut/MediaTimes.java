package xiu.segment.cut;

import xiu.media.MediaPacket;

/**
 * Places the packets of a stream on one axis of presentation time, µs. Segments begin at the presentation time of key
 * frames; frames between them are placed by their decoding time, which runs evenly. Audio may come earlier or later
 * than the video of its time; how much is measured.
 */
public final class MediaTimes {
    private static final long NONE = Long.MIN_VALUE;
    /** If frames came regularly before, nothing for this long is a pause. */
    private static final long PAUSE = 3_000_000;

    private static final long REGULAR = 1_000_000;
    /** Audio counts as at most this far ahead of its video. */
    public static final long MOST_SKEW = 3_000_000;

    /** Video that lags this much more than it ever did has stopped. */
    private static final long STALL = 200_000;
    /** The assumed duration of a single frame. */
    private static final long FRAME = 40_000;

    private long composition;
    private long lastVideo;
    private long lastAudio;
    private long lastKey;
    private long interval;
    private long longestGop;
    private long skew;

    public MediaTimes() {
        reset();
    }

    /** What follows is unrelated to what was before. */
    public void reset() {
        composition = 0;
        lastVideo = NONE;
        lastAudio = NONE;
        lastKey = NONE;
        interval = 0;
        longestGop = 0;
        skew = 0;
    }

    /** The position of a video frame. */
    public long position(MediaPacket video) {
        if (video.keyFrame()) {
            composition = video.pts() - video.dts();
        }
        return video.dts() + composition;
    }

    /** The position of an audio frame, relative to the video that comes with it. */
    public long audioPosition(MediaPacket audio) {
        return audio.pts() - skew;
    }

    /** Whether nothing came for a while before a frame at this position. */
    public boolean paused(long position) {
        long last = Math.max(lastVideo, lastAudio == NONE ? NONE : lastAudio - skew);
        return last != NONE && position - last > PAUSE && interval > 0 && interval < REGULAR;
    }

    /**
     * Adds a video frame.
     *
     * @param entry a segment may begin with it
     */
    public void tookVideo(long position, boolean entry) {
        if (lastVideo != NONE && position > lastVideo) {
            boolean regular = interval > 0 && interval < REGULAR;
            if (regular && position - lastVideo > PAUSE) {
                lastKey = NONE;
            } else {
                interval = position - lastVideo;
            }
        }
        lastVideo = position;
        if (entry) {
            longestGop = lastKey == NONE ? longestGop : Math.max(longestGop, position - lastKey);
            lastKey = position;
        }
        if (lastAudio != NONE) {
            skew = Math.clamp(lastAudio - position, skew, MOST_SKEW);
        }
    }

    /** Adds an audio frame. */
    public void tookAudio(MediaPacket packet, boolean alone) {
        if (alone && lastAudio != NONE && packet.pts() > lastAudio) {
            interval = packet.pts() - lastAudio;
        }
        lastAudio = Math.max(lastAudio, packet.pts());
    }

    /** Whether video has stopped while audio is at this position. */
    public boolean videoStalled(long audioPosition) {
        return lastVideo == NONE || audioPosition - lastVideo > 2 * interval + STALL;
    }

    /** Whether video has stopped for so long that it may not come back. */
    public boolean videoGone(long audioPosition) {
        return lastVideo == NONE || audioPosition - lastVideo > PAUSE;
    }

    /** The time from the last video frame to the one before it. */
    public long interval() {
        return interval;
    }

    public long longestGop() {
        return longestGop;
    }

    /** The end of the media so far. */
    public long end() {
        long frame = interval > 0 && interval < REGULAR ? interval : FRAME;
        long audio = lastAudio == NONE ? NONE : lastAudio - skew;
        return Math.max(audio, lastVideo) + frame;
    }
}
