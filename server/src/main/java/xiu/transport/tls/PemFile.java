package xiu.transport.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The blocks of a file in PEM form (RFC 7468). Text between them is ignored. */
final class PemFile {
    /** Far more than a chain of any length needs, bytes. */
    private static final int LONGEST = 1 << 20;

    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,64})-----([^-]*)-----END \\1-----");

    /**
     * One block.
     *
     * @param label what it holds, {@code CERTIFICATE} for instance
     * @param der the bytes, as ASN.1
     */
    record Block(String label, byte[] der) {}

    private PemFile() {}

    /**
     * Reads all blocks; blocks the thread.
     *
     * @throws IOException with a message for the user that begins after the file's name
     */
    static List<Block> read(Path file) throws IOException {
        String text = new String(bytes(file), StandardCharsets.ISO_8859_1);
        List<Block> blocks = new ArrayList<>();
        Matcher found = BLOCK.matcher(text);
        while (found.find()) {
            blocks.add(new Block(found.group(1), decode(found.group(2))));
        }
        return blocks;
    }

    private static byte[] bytes(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LONGEST + 1);
            if (bytes.length > LONGEST) {
                throw new IOException("is too long (expected: at most 1 MiB in PEM form)");
            }
            return bytes;
        } catch (NoSuchFileException e) {
            throw new IOException("does not exist", e);
        } catch (AccessDeniedException e) {
            throw new IOException("may not be read by this user", e);
        }
    }

    private static byte[] decode(String text) throws IOException {
        try {
            // Old keys begin with lines such as "Proc-Type: 4,ENCRYPTED", and an empty one after them.
            int headers = text.lastIndexOf(": ");
            int end = headers < 0 ? 0 : Math.max(0, text.indexOf('\n', headers));
            return Base64.getMimeDecoder().decode(text.substring(end));
        } catch (IllegalArgumentException e) {
            throw new IOException("is damaged (expected: PEM form)", e);
        }
    }
}
