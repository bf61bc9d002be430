package xiu.server;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.config.ConfigException;
import xiu.config.NativePaths;
import xiu.rehearsal.Rehearsal;
import xiu.server.settings.LoadedSettings;
import xiu.server.settings.ServerSettings;
import xiu.server.settings.SettingsFile;
import xiu.transport.StartException;
import xiu.transport.trouble.Faults;

/** Starts the server, and turns every failure into a message and an exit code. */
public final class Main {
    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int BAD_USAGE = 2;

    private Main() {}

    /** Runs Xiu with the arguments of the command line, until a signal ends it. */
    public static void main(String[] args) {
        System.exit(run(args, utf8(System.out), utf8(System.err)));
    }

    private static PrintStream utf8(PrintStream stream) {
        return new PrintStream(stream, true, StandardCharsets.UTF_8);
    }

    /** The exit code of a run. */
    static int run(String[] args, PrintStream out, PrintStream err) {
        try {
            return run(Arguments.parse(args), out);
        } catch (Arguments.UsageException e) {
            err.println("xiu: " + e.getMessage() + "\nTry 'xiu --help'.");
            return BAD_USAGE;
        } catch (ConfigException e) {
            for (String problem : e.problems()) {
                err.println("xiu: " + problem);
            }
            return BAD_USAGE;
        } catch (StartException | Rehearsal.FailedException e) {
            err.println("xiu: " + e.getMessage());
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        } catch (RuntimeException | Error e) {
            err.println("xiu: ended by a fault in Xiu itself: " + e);
            // For the report of the fault.
            for (StackTraceElement element : e.getStackTrace()) {
                err.println("\tat " + element);
            }
            return FAILED;
        }
    }

    /** Not a switch over the types: linking one would take longer than the rest of this class. */
    private static int run(Arguments.Command command, PrintStream out) throws InterruptedException {
        if (command instanceof Arguments.Command.Run run) {
            Signals signals = Signals.install();
            LoadedSettings loaded = run.file() == null ? run.shortcuts().settings() : SettingsFile.load(run.file());
            return serve(loaded, out, server -> signals.untilEnd(new Reload(run.file(), server.settings())::run));
        }
        if (command instanceof Arguments.Command.Check check) {
            return print(out, CheckReport.text(check.file(), SettingsFile.load(check.file())));
        }
        if (command instanceof Arguments.Command.Rehearse) {
            return serve(DressRehearsal.settings(), out, server -> DressRehearsal.play(server.endpoints()));
        }
        return print(out, ((Arguments.Command.Print) command).text() + "\n");
    }

    /** What a server does between start and stop. */
    private interface Show {
        void go(XiuServer server) throws InterruptedException;
    }

    private static int print(PrintStream out, String text) {
        out.print(text);
        out.flush();
        return OK;
    }

    private static int serve(LoadedSettings loaded, PrintStream out, Show show) throws InterruptedException {
        Logging.apply(loaded.settings().log());
        Logger log = LoggerFactory.getLogger(Main.class);
        for (String warning : loaded.warnings()) {
            log.warn("event=config_warning detail=\"{}\"", warning);
        }
        for (String note : loaded.notes()) {
            log.info("event=config_note detail=\"{}\"", note);
        }
        String encoding = NativePaths.narrowEncoding();
        if (encoding != null && loaded.settings().hls().folder().isPresent()) {
            // Otherwise each such stream would report that it cannot write, and none of them why.
            log.warn(
                    "event=locale encoding={} detail=\"streams whose names it lacks have no files (expected: {})\"",
                    encoding,
                    NativePaths.ADVICE);
        }
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, fault) -> Faults.contained("fault_uncaught", thread.getName(), fault));
        XiuServer server = new XiuServer(loaded);
        server.settings().part(ServerSettings::log).onChange(changed -> Logging.level(changed.level()));
        // For ends of the process that no signal announced.
        Runtime.getRuntime().addShutdownHook(new Thread(server::stop, "stop"));
        try {
            server.start();
            print(out, Banner.text(Banner.version(), server.endpoints()));
            show.go(server);
            log.info("event=stopping");
            server.stop();
            log.info("event=stopped");
            return OK;
        } finally {
            Logging.stop();
        }
    }
}
