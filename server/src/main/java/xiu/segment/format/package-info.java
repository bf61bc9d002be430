/** What a segment is made of: packets in, the bytes of a segment out when somebody asks for them. */
@org.jspecify.annotations.NullMarked
package xiu.segment.format;
