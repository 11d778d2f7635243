package cn.dianma.tools;

import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** Boxing, unboxing, widening and casts, as a lambda's call site does them by itself. */
final class Conversion {
  private static final String[] BOXES = {
    null, "Boolean", "Character", "Byte", "Short", "Integer", "Float", "Long", "Double"
  };
  private static final String[] UNBOXERS = {
    null,
    "booleanValue",
    "charValue",
    "byteValue",
    "shortValue",
    "intValue",
    "floatValue",
    "longValue",
    "doubleValue"
  };

  private Conversion() {}

  /** Turns the value on the stack from one type into another. */
  static void write(MethodVisitor code, Type from, Type to) {
    if (from.equals(to)) {
      return;
    }
    if (isPrimitive(from) && isPrimitive(to)) {
      widen(code, from, to);
    } else if (isPrimitive(from)) {
      String box = "java/lang/" + BOXES[from.getSort()];
      String descriptor = "(" + from.getDescriptor() + ")L" + box + ";";
      code.visitMethodInsn(Opcodes.INVOKESTATIC, box, "valueOf", descriptor, false);
    } else if (isPrimitive(to)) {
      unbox(code, from, to);
    } else if (!to.getInternalName().equals("java/lang/Object")) {
      code.visitTypeInsn(Opcodes.CHECKCAST, to.getInternalName());
    }
  }

  private static void unbox(MethodVisitor code, Type from, Type to) {
    boolean isNumber = to.getSort() >= Type.BYTE;
    String box = isNumber ? "java/lang/Number" : "java/lang/" + BOXES[to.getSort()];
    if (!from.getInternalName().equals(box)) {
      code.visitTypeInsn(Opcodes.CHECKCAST, box);
    }
    code.visitMethodInsn(
        Opcodes.INVOKEVIRTUAL, box, UNBOXERS[to.getSort()], "()" + to.getDescriptor(), false);
  }

  private static void widen(MethodVisitor code, Type from, Type to) {
    boolean isInt = from.getSort() < Type.FLOAT;
    switch (to.getSort()) {
      case Type.LONG:
        code.visitInsn(isInt ? Opcodes.I2L : from.getSort() == Type.FLOAT ? Opcodes.F2L : Opcodes.D2L);
        break;
      case Type.FLOAT:
        code.visitInsn(isInt ? Opcodes.I2F : Opcodes.L2F);
        break;
      case Type.DOUBLE:
        code.visitInsn(isInt ? Opcodes.I2D : from.getSort() == Type.LONG ? Opcodes.L2D : Opcodes.F2D);
        break;
      default:
        // Byte, short, char and int share one slot and one form on the stack.
    }
  }

  private static boolean isPrimitive(Type type) {
    return type.getSort() < Type.ARRAY;
  }
}
