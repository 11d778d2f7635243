package cn.dianma.tools;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntBinaryOperator;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.junit.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

public class DelambdaTest {
  /** Lambdas of every shape the compiler makes; rewritten and run below. */
  public static final class Shapes implements Callable<String> {
    private final String mine = "field";

    public interface Shaped<T> extends Function<T, T>, Serializable {}

    @Override
    public String call() {
      long big = 7_000_000_000L;
      int small = 3;
      Supplier<String> captures = () -> mine + small + big;
      Function<Object, String> reference = Object::toString;
      Supplier<StringBuilder> constructor = StringBuilder::new;
      IntBinaryOperator primitive = (a, b) -> a * b + small;
      ToLongFunction<Integer> widening = Integer::intValue;
      LongSupplier wide = () -> big;
      BiFunction<String, Integer, Character> bound = String::charAt;
      Shaped<String> serializable = text -> text + "!";
      Runnable dropsResult = captures::get;
      dropsResult.run();
      return String.join(
          ",",
          captures.get(),
          reference.apply(5),
          constructor.get().append("new").toString(),
          String.valueOf(primitive.applyAsInt(4, 5)),
          String.valueOf(widening.applyAsLong(9)),
          String.valueOf(wide.getAsLong()),
          String.valueOf(bound.apply("abc", 1)),
          serializable.apply("s"));
    }
  }

  @Test
  public void rewritten_lambdas_do_the_same() throws Exception {
    Map<String, byte[]> classes = Delambda.rewrite(bytes(Shapes.class));
    // Nine lambdas, the one that reads the serializable one back, and the class itself.
    assertEquals(11, classes.size());
    Loader loader = new Loader(classes);
    Class<?> rewritten = loader.loadClass(Shapes.class.getName());
    @SuppressWarnings("unchecked")
    Callable<String> shapes = (Callable<String>) rewritten.getDeclaredConstructor().newInstance();
    assertEquals(new Shapes().call(), shapes.call());
    assertEquals("field37000000000,5,new,23,9,7000000000,b,s!", shapes.call());
  }

  @Test
  public void no_invokedynamic_is_left() throws Exception {
    assertTrue(hasInvokeDynamic(bytes(Shapes.class)));
    for (byte[] each : Delambda.rewrite(bytes(Shapes.class)).values()) {
      assertFalse(hasInvokeDynamic(each));
    }
  }

  @Test
  public void a_class_without_lambdas_stays_as_it_is() throws Exception {
    byte[] original = bytes(Conversion.class);
    Map<String, byte[]> classes = Delambda.rewrite(original);
    assertEquals(1, classes.size());
    assertEquals(original, classes.get("cn/dianma/tools/Conversion"));
  }

  private static byte[] bytes(Class<?> type) throws IOException {
    String path = "/" + type.getName().replace('.', '/') + ".class";
    try (InputStream stream = type.getResourceAsStream(path)) {
      byte[] all = new byte[stream.available()];
      int read = 0;
      while (read < all.length) {
        read += stream.read(all, read, all.length - read);
      }
      return all;
    }
  }

  private static boolean hasInvokeDynamic(byte[] type) {
    boolean[] found = new boolean[1];
    ClassVisitor visitor =
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public MethodVisitor visitMethod(int access, String name, String d, String s, String[] e) {
            return new MethodVisitor(Opcodes.ASM9) {
              @Override
              public void visitInvokeDynamicInsn(String n, String de, Handle h, Object... a) {
                found[0] = true;
              }
            };
          }
        };
    new ClassReader(type).accept(visitor, 0);
    return found[0];
  }

  /** Loads the rewritten classes, everything else from the test. */
  private static final class Loader extends ClassLoader {
    private final Map<String, byte[]> classes;

    Loader(Map<String, byte[]> classes) {
      super(DelambdaTest.class.getClassLoader());
      this.classes = classes;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      byte[] own = classes.get(name.replace('.', '/'));
      if (own == null) {
        return super.loadClass(name, resolve);
      }
      Class<?> known = findLoadedClass(name);
      return known != null ? known : defineClass(name, own, 0, own.length);
    }
  }
}
