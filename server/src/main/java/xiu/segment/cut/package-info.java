/** Where segments begin and end, and which of them do not continue the one before. Knows no container. */
@org.jspecify.annotations.NullMarked
package xiu.segment.cut;
