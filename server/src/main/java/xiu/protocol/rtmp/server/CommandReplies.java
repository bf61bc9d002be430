package xiu.protocol.rtmp.server;

import xiu.container.flv.amf.AmfValue;
import xiu.protocol.rtmp.RtmpCommand;
import xiu.protocol.rtmp.RtmpStatus;
import xiu.protocol.rtmp.server.session.SessionConnection;

/**
 * Answers the commands of a peer ({@code _result}, {@code _error}). A transaction id is answered once. A further
 * command under it is carried out but not answered: some clients take every answer under the id of their {@code
 * connect} as that of {@code connect}, and then send all other commands again. The peer chooses the ids, so only the
 * first one, that of {@code connect}, and the newest ones are remembered. Confined to the event loop.
 */
final class CommandReplies {
    private static final AmfValue NULL = AmfValue.Nothing.NULL;
    private static final int MOST_ANSWERED = 32;

    private final SessionConnection connection;
    private final double[] answered = new double[MOST_ANSWERED];
    private int count;
    /** Where the next id is stored once all places are taken; never the first place. */
    private int oldest = 1;

    CommandReplies(SessionConnection connection) {
        this.connection = connection;
    }

    /** Remembers that a command is being answered; false when no answer is wanted, or it has been given already. */
    boolean begin(RtmpCommand command) {
        return command.transaction() != 0 && add(command.transaction());
    }

    private boolean add(double id) {
        for (int i = 0; i < count; i++) {
            // Double.compare treats all NaN as equal.
            if (Double.compare(answered[i], id) == 0) {
                return false;
            }
        }
        if (count < MOST_ANSWERED) {
            answered[count++] = id;
        } else {
            answered[oldest] = id;
            oldest = oldest == MOST_ANSWERED - 1 ? 1 : oldest + 1;
        }
        return true;
    }

    /** The command was carried out with this result; false when that is not answered. */
    boolean result(RtmpCommand command, AmfValue value) {
        boolean wanted = begin(command);
        if (wanted) {
            connection.link().command(0, "_result", command.transaction(), NULL, value);
        }
        return wanted;
    }

    /** The command was carried out. Some clients wait for another command besides the result, which is sent with it. */
    void acknowledge(RtmpCommand command, String name, RtmpStatus status, String description) {
        if (command.transaction() == 0 || result(command, NULL)) {
            connection.link().command(0, name, 0, NULL, status.information(description));
        }
    }

    /** The command cannot be carried out. */
    void fail(RtmpCommand command, String why) {
        if (begin(command)) {
            error(command, RtmpStatus.CALL_FAILED, why);
        }
    }

    /** An {@code _error}, also where the transaction id has been answered already. */
    void error(RtmpCommand command, RtmpStatus status, String why) {
        connection.link().command(0, "_error", command.transaction(), NULL, status.information(why));
    }
}
