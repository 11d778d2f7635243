package cn.dianma.tools;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;

/**
 * The class that stands for one lambda: what it captured as fields, the functional interface's method
 * calling the method behind the lambda, and a static factory with the call site's own descriptor.
 */
final class LambdaClass {
  static final String FACTORY = "of";
  // Flags of LambdaMetafactory.altMetafactory.
  private static final int SERIALIZABLE = 1;
  private static final int MARKERS = 2;
  private static final int BRIDGES = 4;
  private static final String OBJECT = "java/lang/Object";

  final String name;
  final Handle target;
  private final InvokeDynamicInsnNode site;
  private final Type[] captured;
  private final Type exact;
  private final Set<String> interfaces = new LinkedHashSet<>();
  private final Set<String> signatures = new LinkedHashSet<>();

  LambdaClass(String name, InvokeDynamicInsnNode site) {
    this.name = name;
    this.site = site;
    this.captured = Type.getArgumentTypes(site.desc);
    this.target = (Handle) site.bsmArgs[1];
    this.exact = (Type) site.bsmArgs[2];
    interfaces.add(Type.getReturnType(site.desc).getInternalName());
    signatures.add(((Type) site.bsmArgs[0]).getDescriptor());
    if (site.bsm.getName().equals("altMetafactory")) {
      readFlags(site.bsmArgs);
    }
  }

  private void readFlags(Object[] arguments) {
    int flags = (Integer) arguments[3];
    int next = 4;
    if ((flags & SERIALIZABLE) != 0) {
      interfaces.add("java/io/Serializable");
    }
    if ((flags & MARKERS) != 0) {
      int count = (Integer) arguments[next++];
      for (int i = 0; i < count; i++) {
        interfaces.add(((Type) arguments[next++]).getInternalName());
      }
    }
    if ((flags & BRIDGES) != 0) {
      int count = (Integer) arguments[next++];
      for (int i = 0; i < count; i++) {
        signatures.add(((Type) arguments[next++]).getDescriptor());
      }
    }
  }

  byte[] bytes() {
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    int access = Opcodes.ACC_FINAL | Opcodes.ACC_SUPER | Opcodes.ACC_SYNTHETIC;
    writer.visit(Opcodes.V1_8, access, name, null, OBJECT, interfaces.toArray(new String[0]));
    for (int i = 0; i < captured.length; i++) {
      int fieldAccess = Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL;
      writer.visitField(fieldAccess, field(i), captured[i].getDescriptor(), null, null).visitEnd();
    }
    writeConstructor(writer);
    writeFactory(writer);
    for (String signature : signatures) {
      writeMethod(writer, signature);
    }
    writer.visitEnd();
    return writer.toByteArray();
  }

  private static String field(int number) {
    return "captured" + number;
  }

  private String constructorDescriptor() {
    return Type.getMethodDescriptor(Type.VOID_TYPE, captured);
  }

  private void writeConstructor(ClassWriter writer) {
    MethodVisitor code = writer.visitMethod(0, "<init>", constructorDescriptor(), null, null);
    code.visitCode();
    code.visitVarInsn(Opcodes.ALOAD, 0);
    code.visitMethodInsn(Opcodes.INVOKESPECIAL, OBJECT, "<init>", "()V", false);
    int slot = 1;
    for (int i = 0; i < captured.length; i++) {
      code.visitVarInsn(Opcodes.ALOAD, 0);
      code.visitVarInsn(captured[i].getOpcode(Opcodes.ILOAD), slot);
      code.visitFieldInsn(Opcodes.PUTFIELD, name, field(i), captured[i].getDescriptor());
      slot += captured[i].getSize();
    }
    code.visitInsn(Opcodes.RETURN);
    code.visitMaxs(0, 0);
    code.visitEnd();
  }

  private void writeFactory(ClassWriter writer) {
    MethodVisitor code = writer.visitMethod(Opcodes.ACC_STATIC, FACTORY, site.desc, null, null);
    code.visitCode();
    code.visitTypeInsn(Opcodes.NEW, name);
    code.visitInsn(Opcodes.DUP);
    int slot = 0;
    for (Type type : captured) {
      code.visitVarInsn(type.getOpcode(Opcodes.ILOAD), slot);
      slot += type.getSize();
    }
    code.visitMethodInsn(Opcodes.INVOKESPECIAL, name, "<init>", constructorDescriptor(), false);
    code.visitInsn(Opcodes.ARETURN);
    code.visitMaxs(0, 0);
    code.visitEnd();
  }

  /** The interface's method: captured values first, then its own arguments, as the target wants them. */
  private void writeMethod(ClassWriter writer, String signature) {
    MethodVisitor code = writer.visitMethod(Opcodes.ACC_PUBLIC, site.name, signature, null, null);
    code.visitCode();
    boolean isConstructor = target.getTag() == Opcodes.H_NEWINVOKESPECIAL;
    if (isConstructor) {
      code.visitTypeInsn(Opcodes.NEW, target.getOwner());
      code.visitInsn(Opcodes.DUP);
    }
    for (int i = 0; i < captured.length; i++) {
      code.visitVarInsn(Opcodes.ALOAD, 0);
      code.visitFieldInsn(Opcodes.GETFIELD, name, field(i), captured[i].getDescriptor());
    }
    List<Type> wanted = wantedArguments(isConstructor);
    Type[] given = Type.getArgumentTypes(signature);
    Type[] exactly = exact.getArgumentTypes();
    int slot = 1;
    for (int i = 0; i < given.length; i++) {
      code.visitVarInsn(given[i].getOpcode(Opcodes.ILOAD), slot);
      slot += given[i].getSize();
      Conversion.write(code, given[i], exactly[i]);
      Conversion.write(code, exactly[i], wanted.get(captured.length + i));
    }
    code.visitMethodInsn(opcode(), target.getOwner(), target.getName(), target.getDesc(), target.isInterface());
    Type got = isConstructor ? Type.getObjectType(target.getOwner()) : Type.getReturnType(target.getDesc());
    writeReturn(code, got, Type.getReturnType(signature));
    code.visitMaxs(0, 0);
    code.visitEnd();
  }

  /** What the target takes, its receiver first. */
  private List<Type> wantedArguments(boolean isConstructor) {
    List<Type> wanted = new ArrayList<>();
    if (target.getTag() != Opcodes.H_INVOKESTATIC && !isConstructor) {
      wanted.add(Type.getObjectType(target.getOwner()));
    }
    wanted.addAll(Arrays.asList(Type.getArgumentTypes(target.getDesc())));
    return wanted;
  }

  private int opcode() {
    switch (target.getTag()) {
      case Opcodes.H_INVOKESTATIC:
        return Opcodes.INVOKESTATIC;
      case Opcodes.H_INVOKEINTERFACE:
        return Opcodes.INVOKEINTERFACE;
      case Opcodes.H_NEWINVOKESPECIAL:
        return Opcodes.INVOKESPECIAL;
      default:
        // A private method was opened before: invokevirtual reaches it.
        return target.isInterface() ? Opcodes.INVOKEINTERFACE : Opcodes.INVOKEVIRTUAL;
    }
  }

  private static void writeReturn(MethodVisitor code, Type got, Type wanted) {
    if (wanted.getSort() == Type.VOID) {
      if (got.getSize() > 0) {
        code.visitInsn(got.getSize() == 2 ? Opcodes.POP2 : Opcodes.POP);
      }
      code.visitInsn(Opcodes.RETURN);
      return;
    }
    if (got.getSort() == Type.VOID) {
      code.visitInsn(Opcodes.ACONST_NULL);
    } else {
      Conversion.write(code, got, wanted);
    }
    code.visitInsn(wanted.getOpcode(Opcodes.IRETURN));
  }
}
