/** AMF, the values of script data and of RTMP's commands, to and from bytes, within limits. */
@org.jspecify.annotations.NullMarked
package xiu.container.flv.amf;
