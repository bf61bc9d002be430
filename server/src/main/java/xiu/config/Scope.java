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
 * @param path the name of the place in messages
 * @param prefix how the keys here begin
 * @param position where it is in the file, if known
 */
record Scope(
        TomlTable table,
        String path,
        String prefix,
        @Nullable TomlPosition position) {
    /** A key of this table. If the file does not name it, its position is that of the table. */
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
