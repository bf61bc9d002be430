package xiu.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;

/** A record class seen as a TOML table: component {@code gopNum} is key {@code gop_num}. */
public final class RecordShape {
    private final Constructor<?> constructor;
    private final Method[] accessors;
    private final Type[] types;
    private final List<String> keys;

    /** The shape of a record class. */
    public RecordShape(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        accessors = new Method[components.length];
        types = new Type[components.length];
        keys = new ArrayList<>(components.length);
        Class<?>[] parameters = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            accessors[i] = components[i].getAccessor();
            accessors[i].setAccessible(true);
            types[i] = components[i].getGenericType();
            keys.add(key(components[i].getName()));
            parameters[i] = components[i].getType();
        }
        try {
            constructor = type.getDeclaredConstructor(parameters);
            constructor.setAccessible(true);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The keys, in the order of the components. */
    public List<String> keys() {
        return keys;
    }

    Type type(int index) {
        return types[index];
    }

    /** The components of a record. */
    public Object[] values(Object instance) {
        Object[] values = new Object[accessors.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = invoke(accessors[i], instance);
        }
        return values;
    }

    /** A record with these components. Throws what its constructor throws. */
    public Object create(Object[] values) {
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw cause(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The record that a class names as its defaults. */
    static Object defaults(Class<?> type) {
        try {
            Method method = type.getDeclaredMethod("defaults");
            method.setAccessible(true);
            return method.invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " needs a static method defaults()", e);
        }
    }

    /** The value that a class with a static method {@code parse(String)} makes of a text. */
    static Object parse(Class<?> type, String text) {
        try {
            Method method = type.getDeclaredMethod("parse", String.class);
            method.setAccessible(true);
            return method.invoke(null, text);
        } catch (InvocationTargetException e) {
            throw cause(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " needs a static method parse(String)", e);
        }
    }

    private static Object invoke(Method method, Object instance) {
        try {
            return method.invoke(instance);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static RuntimeException cause(InvocationTargetException e) {
        return e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    }

    /** {@code gopNum} → {@code gop_num}; a trailing underscore, for names that Java forbids, is dropped. */
    static String key(String component) {
        StringBuilder key = new StringBuilder(component.length() + 4);
        for (int i = 0; i < component.length(); i++) {
            char c = component.charAt(i);
            if (Character.isUpperCase(c)) {
                key.append('_').append(Character.toLowerCase(c));
            } else if (c != '_' || i < component.length() - 1) {
                key.append(c);
            }
        }
        return key.toString();
    }
}
