package xiu.codec.nal;

/** The configuration of a codec whose samples are NAL units, each with its length in front. */
public interface NalConfig {
    /** Bytes of the length in front of each NAL unit: 1, 2 or 4. */
    int nalLengthSize();

    /** The parameter sets of the configuration. */
    ParameterSets parameterSets();
}
