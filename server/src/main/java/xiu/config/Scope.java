package xiu.config;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * A place in the file: a table, or a key of it.
 *
 * @param table the table itself, or the one around the key
 * @param path what messages call the place
 * @param prefix what the keys here begin with
 * @param position where it stands, if known
 */
record Scope(
        TomlTable table,
        String path,
        String prefix,
        @Nullable TomlPosition position) {
    /** A key of this table; if the file does not name it, it stands where the table stands. */
    Scope child(String key) {
        TomlPosition at = table.inputPositionOf(List.of(prefix + key));
        return new Scope(table, (path.isEmpty() ? "" : path + ".") + prefix + key, "", at == null ? position : at);
    }

    /** The table that is the value of this key. */
    Scope inside(TomlTable value) {
        return new Scope(value, path, "", position);
    }

    /** An element of the array that is the value of this key. */
    Scope item(TomlArray array, int index) {
        TomlPosition at = array.inputPositionOf(index);
        return new Scope(table, path + "[" + index + "]", "", at == null ? position : at);
    }
}
