package xiu.server;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;
import xiu.config.NativePaths;
import xiu.server.settings.Listeners;
import xiu.server.settings.LoadedSettings;
import xiu.server.settings.LogSettings;
import xiu.server.settings.ServerSettings;

/** The command line. Built without picocli's annotations, whose reflection costs start-up time. */
final class Arguments {
    /** The command line is wrong; the message says how. */
    static final class UsageException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UsageException(String message) {
            super(message);
        }
    }

    /** What the command line asks for. */
    sealed interface Command {
        /** Run with a file, or with what the shortcuts say. */
        record Run(@Nullable Path file, Shortcuts shortcuts) implements Command {}

        /** Check a file. */
        record Check(Path file) implements Command {}

        /** Play to itself; see {@link DressRehearsal}. */
        record Rehearse() implements Command {}

        /** Print this text. */
        record Print(String text) implements Command {}
    }

    /** The options that replace a file; null: not given. */
    record Shortcuts(
            @Nullable Integer rtmp,
            @Nullable Integer httpflv,
            @Nullable Integer hls,
            LogSettings.@Nullable Level log) {
        private boolean any() {
            return rtmp != null || httpflv != null || hls != null || log != null;
        }

        /** The settings for these options: the named protocols, or all three when none is named. */
        LoadedSettings settings() {
            ServerSettings base = ServerSettings.defaults();
            boolean all = rtmp == null && httpflv == null && hls == null;
            if (!all && rtmp == null) {
                throw new UsageException("-r/--rtmp is missing: no stream can come in without it");
            }
            ServerSettings settings = base.with(
                    base.rtmp()
                            .at(
                                    base.rtmp().address(),
                                    rtmp == null ? base.rtmp().port() : rtmp),
                    base.httpflv()
                            .enabled(all || httpflv != null)
                            .at(
                                    base.httpflv().address(),
                                    httpflv == null ? base.httpflv().port() : httpflv),
                    base.hls()
                            .enabled(all || hls != null)
                            .at(base.hls().address(), hls == null ? base.hls().port() : hls),
                    new LogSettings(
                            log == null ? LogSettings.Level.INFO : log,
                            base.log().file()));
            for (Listeners.Collision collision : Listeners.collisions(Listeners.of(settings))) {
                throw new UsageException(OPTIONS.get(collision.second().name()) + ": "
                        + collision.first().port() + " is used twice (also by "
                        + OPTIONS.get(collision.first().name()) + ")");
            }
            Map<String, String> places = new HashMap<>();
            OPTIONS.forEach((name, option) -> places.put(name + ".port", option));
            return new LoadedSettings(settings, java.util.List.of(), java.util.List.of(), places);
        }
    }

    private static final Map<String, String> OPTIONS =
            Map.of("rtmp", "-r/--rtmp", "httpflv", "-f/--httpflv", "hls", "-s/--hls");

    private static final Shortcuts NO_SHORTCUTS = new Shortcuts(null, null, null, null);

    private Arguments() {}

    /**
     * Parses a command line.
     *
     * @throws UsageException when it is invalid
     */
    static Command parse(String... args) {
        // Called by the launcher only, so not in the help.
        if (args.length == 1 && args[0].equals("--rehearse")) {
            return new Command.Rehearse();
        }
        // The two common ways to start do without picocli, whose classes are too old a format for the start-up cache.
        if (args.length == 0 || args.length == 1 && isFile(args[0])) {
            return new Command.Run(args.length == 0 ? null : path(args[0]), NO_SHORTCUTS);
        }
        CommandLine line = new CommandLine(root());
        ParseResult parsed;
        try {
            parsed = line.parseArgs(args);
        } catch (UnmatchedArgumentException e) {
            throw new UsageException(e.getMessage() + didYouMean(e));
        } catch (ParameterException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
        ParseResult last = parsed.hasSubcommand() ? parsed.subcommand() : parsed;
        if (last.isUsageHelpRequested()) {
            CommandLine asked = last.commandSpec().commandLine();
            return new Command.Print(
                    asked.getUsageMessage(CommandLine.Help.Ansi.OFF).stripTrailing());
        }
        if (last.isVersionHelpRequested()) {
            return new Command.Print("xiu " + Banner.version());
        }
        return parsed.hasSubcommand() ? check(parsed) : run(parsed);
    }

    private static boolean isFile(String argument) {
        return !argument.startsWith("-") && !argument.startsWith("@") && !argument.equals("check");
    }

    private static Command check(ParseResult parsed) {
        String file = parsed.subcommand().matchedPositionalValue(0, null);
        if (file == null) {
            throw new UsageException("check needs a file: xiu check CONFIG");
        }
        if (!parsed.matchedOptions().isEmpty() || parsed.hasMatchedPositional(0)) {
            throw new UsageException("check takes a file and nothing else");
        }
        return new Command.Check(path(file));
    }

    private static Command run(ParseResult parsed) {
        String option = parsed.matchedOptionValue('c', null);
        String positional = parsed.matchedPositionalValue(0, null);
        if (option != null && positional != null) {
            throw new UsageException("CONFIG is given twice: " + option + " and " + positional);
        }
        String file = option == null ? positional : option;
        Shortcuts shortcuts = new Shortcuts(port(parsed, 'r'), port(parsed, 'f'), port(parsed, 's'), level(parsed));
        if (file != null && shortcuts.any()) {
            throw new UsageException("-r, -f, -s and -l are for running without a file: set them in " + file);
        }
        return new Command.Run(file == null ? null : path(file), shortcuts);
    }

    private static Path path(String text) {
        if (text.isEmpty()) {
            throw new UsageException("CONFIG is empty (expected: a file)");
        }
        try {
            return NativePaths.parse(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException("CONFIG is " + e.getMessage());
        }
    }

    private static @Nullable Integer port(ParseResult parsed, char option) {
        String text = parsed.matchedOptionValue(option, null);
        if (text == null) {
            return null;
        }
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Reported below, together with numbers that are no ports.
        }
        throw new UsageException("-" + option + ": " + text + " (expected: a port, 0 to 65535)");
    }

    private static LogSettings.@Nullable Level level(ParseResult parsed) {
        String text = parsed.matchedOptionValue('l', null);
        if (text == null) {
            return null;
        }
        for (LogSettings.Level level : LogSettings.Level.values()) {
            if (level.name().toLowerCase(Locale.ROOT).equals(text)) {
                return level;
            }
        }
        throw new UsageException("-l: " + text + " (expected: trace, debug, info, warn or error)");
    }

    private static String didYouMean(UnmatchedArgumentException e) {
        return e.getSuggestions().isEmpty()
                ? ""
                : " (did you mean " + e.getSuggestions().getFirst() + "?)";
    }

    private static CommandSpec root() {
        CommandSpec spec = CommandSpec.create().name("xiu");
        spec.usageMessage()
                .description("A live streaming server: publish by RTMP, play by RTMP, HTTP-FLV and HLS.", "")
                .customSynopsis(
                        "xiu [-c] [CONFIG]",
                        "       xiu [-r PORT] [-f PORT] [-s PORT] [-l LEVEL]",
                        "       xiu check CONFIG")
                .width(100)
                .footer(
                        "",
                        "Without a file, the named protocols are served; with none named, all three on their",
                        "default ports. Port 0 is any free port.",
                        "",
                        "Exit codes: 0 normal end, 1 could not start or died, 2 bad usage or configuration.");
        spec.addOption(option("-c", "--config", "FILE", "Configuration file (TOML)."));
        spec.addOption(option("-r", "--rtmp", "PORT", "Serve RTMP on this port (default: 1935)."));
        spec.addOption(option("-f", "--httpflv", "PORT", "Serve HTTP-FLV on this port (default: 8081)."));
        spec.addOption(option("-s", "--hls", "PORT", "Serve HLS on this port (default: 8080)."));
        spec.addOption(option("-l", "--log", "LEVEL", "Log level: trace, debug, info (default), warn, error."));
        spec.addPositional(file("CONFIG", "0..1", "Configuration file (TOML)."));
        addHelp(spec);
        CommandSpec check = CommandSpec.create().name("check");
        check.usageMessage()
                .customSynopsis("xiu check CONFIG")
                .description("Checks a configuration file and says what would listen.", "");
        check.addPositional(file("CONFIG", "0..1", "Configuration file (TOML)."));
        addHelp(check);
        spec.addSubcommand("check", check);
        return spec;
    }

    private static void addHelp(CommandSpec spec) {
        spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help.")
                .build());
        spec.addOption(OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("Show the version.")
                .build());
    }

    private static OptionSpec option(String shortName, String longName, String label, String description) {
        return OptionSpec.builder(shortName, longName)
                .paramLabel(label)
                .type(String.class)
                .description(description)
                .build();
    }

    private static PositionalParamSpec file(String label, String arity, String description) {
        return PositionalParamSpec.builder()
                .paramLabel(label)
                .index("0")
                .arity(arity)
                .type(String.class)
                .description(description)
                .build();
    }
}
