/** The real server as a process, against real encoders and players. */
package xiu.it;
