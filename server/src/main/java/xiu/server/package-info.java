/** The assembly: the command line, the settings file and the parts of the server put together. */
@org.jspecify.annotations.NullMarked
package xiu.server;
