package cn.dianma.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Turns every lambda call site of a folder of classes into a class of its own, because the dex compiler
 * of the APK step does not know invokedynamic. Other bootstrap methods are refused: javac and kotlinc are
 * told not to use them.
 */
public final class Delambda {
  private static final String METAFACTORY = "java/lang/invoke/LambdaMetafactory";

  private Delambda() {}

  /** Arguments: folder of classes, folder for the result. */
  public static void main(String[] arguments) throws IOException {
    Path from = Paths.get(arguments[0]);
    Path to = Paths.get(arguments[1]);
    int made = 0;
    List<Path> files;
    try (Stream<Path> all = Files.walk(from)) {
      files = all.filter(path -> path.toString().endsWith(".class")).collect(Collectors.toList());
    }
    for (Path file : files) {
      Map<String, byte[]> classes = rewrite(Files.readAllBytes(file));
      made += classes.size() - 1;
      for (Map.Entry<String, byte[]> each : classes.entrySet()) {
        Path target = to.resolve(each.getKey() + ".class");
        Files.createDirectories(target.getParent());
        Files.write(target, each.getValue());
      }
    }
    System.out.println(files.size() + " classes, " + made + " lambdas made into classes");
  }

  /** The class, rewritten, and the classes of its lambdas, by internal name. */
  static Map<String, byte[]> rewrite(byte[] original) {
    ClassNode node = new ClassNode();
    new ClassReader(original).accept(node, 0);
    Map<String, byte[]> classes = new LinkedHashMap<>();
    for (MethodNode method : node.methods) {
      for (InvokeDynamicInsnNode site : sites(method)) {
        if (!site.bsm.getOwner().equals(METAFACTORY)) {
          throw new IllegalArgumentException(
              node.name + ": unknown bootstrap method " + site.bsm.getOwner() + "." + site.bsm.getName());
        }
        LambdaClass lambda = new LambdaClass(node.name + "$$Lambda" + classes.size(), site);
        open(node, lambda);
        classes.put(lambda.name, lambda.bytes());
        MethodInsnNode call =
            new MethodInsnNode(Opcodes.INVOKESTATIC, lambda.name, LambdaClass.FACTORY, site.desc, false);
        method.instructions.set(site, call);
      }
    }
    if (classes.isEmpty()) {
      classes.put(node.name, original);
      return classes;
    }
    ClassWriter writer = new ClassWriter(0);
    node.accept(writer);
    classes.put(node.name, writer.toByteArray());
    return classes;
  }

  private static List<InvokeDynamicInsnNode> sites(MethodNode method) {
    List<InvokeDynamicInsnNode> found = new ArrayList<>();
    for (AbstractInsnNode each : method.instructions) {
      if (each instanceof InvokeDynamicInsnNode) {
        found.add((InvokeDynamicInsnNode) each);
      }
    }
    return found;
  }

  /** The lambda's class calls the method behind it from outside: a private one is opened to the package. */
  private static void open(ClassNode owner, LambdaClass lambda) {
    if (!lambda.target.getOwner().equals(owner.name)) {
      return;
    }
    boolean isInterface = (owner.access & Opcodes.ACC_INTERFACE) != 0;
    for (MethodNode method : owner.methods) {
      boolean isTarget =
          method.name.equals(lambda.target.getName()) && method.desc.equals(lambda.target.getDesc());
      if (isTarget && (method.access & Opcodes.ACC_PRIVATE) != 0) {
        method.access &= ~Opcodes.ACC_PRIVATE;
        // Interface methods know only public and private.
        method.access |= isInterface ? Opcodes.ACC_PUBLIC : 0;
        // Nothing may override what was private.
        method.access |= isInterface || (method.access & Opcodes.ACC_STATIC) != 0 ? 0 : Opcodes.ACC_FINAL;
      }
    }
  }
}
