/** FLV and what it is made of: tags, audio and video tag headers (Enhanced RTMP included), script data. */
@org.jspecify.annotations.NullMarked
package xiu.container.flv;
