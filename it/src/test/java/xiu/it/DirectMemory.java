package xiu.it;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Asks a server for the memory outside the heap that its buffers are made of. */
final class DirectMemory {
    /** What a server must be started with, so that it says nothing about being asked. */
    static final String ASKABLE = "-XX:+EnableDynamicAgentLoading";

    private static final Path AGENT = agent();

    private DirectMemory() {}

    /** Bytes that the allocator has taken: those in use, and those that it keeps for the next buffers. */
    static long allocated(XiuProcess server) {
        try {
            Path answer = Files.createTempFile(Workspace.directory("work"), "direct", ".txt");
            VirtualMachine machine = VirtualMachine.attach(Long.toString(server.pid()));
            try {
                machine.loadAgent(AGENT.toString(), answer.toString());
            } finally {
                machine.detach();
            }
            long bytes = Long.parseLong(Files.readString(answer));
            Files.delete(answer);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (AttachNotSupportedException | AgentLoadException | AgentInitializationException e) {
            throw new IllegalStateException("agent: not loaded (expected: a running server)", e);
        }
    }

    private static Path agent() {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(new Attributes.Name("Agent-Class"), AllocatorAgent.class.getName());
        String type = AllocatorAgent.class.getName().replace('.', '/') + ".class";
        Path jar = Workspace.temporary("agent").resolve("agent.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                InputStream code = AllocatorAgent.class.getClassLoader().getResourceAsStream(type)) {
            out.putNextEntry(new JarEntry(type));
            code.transferTo(out);
            return jar;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
