# Adds two vectors of 256 f32: arguments are their addresses and the sum's.
# Words are written as .insn r OPCODE, FUNCT3, FUNCT7, rd, rs1, rs2.

  .globl vector_main
vector_main:
  ld      s0, 0(a0)
  ld      s1, 8(a0)
  ld      s2, 16(a0)
  li      t0, (1 << 32) | 1024          # P0: one row of 1024 bytes
  li      t1, 0                         # P1
  .insn r 11, 0, 0, x0, t0, t1          # np.pset 0
  li      t0, 1                         # P2: one plane
  .insn r 11, 0, 1, x0, t0, zero        # np.pset 1
  li      s3, 1 << 60                   # UB
  .insn r 43, 4, 0, x0, s3, s0          # dma.in
  addi    t1, s3, 1024
  .insn r 43, 4, 0, x0, t1, s1          # dma.in
  li      t2, 0
  .insn r 11, 2, 0x21, x0, t2, zero     # np.flag MTE2->V set
  .insn r 11, 2, 0x61, x0, t2, zero     # np.flag MTE2->V wait
  li      t0, (1 << 48) | (32 << 32) | (0 << 16) | 64  # dst 64, a 0, b 32, one row
  li      t1, (1 << 58) | (1 << 55) | (1 << 52) | 256  # 256 elements, strides of one block
  .insn r 123, 1, 0x20, x0, t0, t1      # v.binary.add.f32
  .insn r 11, 2, 0x0d, x0, t2, zero     # np.flag V->MTE3 set
  .insn r 11, 2, 0x4d, x0, t2, zero     # np.flag V->MTE3 wait
  addi    t1, s3, 2047
  addi    t1, t1, 1
  .insn r 43, 5, 0, x0, s2, t1          # dma.out
  .insn r 11, 7, 0, x0, zero, zero      # np.sys end
