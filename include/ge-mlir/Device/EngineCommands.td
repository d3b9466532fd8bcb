//===- EngineCommands.td - the command set of an AI Core -----*- tablegen -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one declaration of the commands. Both the simulator, which knows no MLIR,
// and the npu dialect stand on it, hence its place beside the devices.
//
// A block (blk) is 32 bytes. Addresses named "tagged" carry their memory in bits
// 63:60; all others are blocks from the start of the memory that the command
// implies. Commands keep no state in an engine.
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_DEVICE_ENGINECOMMANDS
#define GE_MLIR_DEVICE_ENGINECOMMANDS

include "ge-mlir/Device/EngineBase.td"

//===----------------------------------------------------------------------===//
// Queues, memories, types
//===----------------------------------------------------------------------===//

def QueueS : EngineQueue<"S", 0, "control core">;
def QueueV : EngineQueue<"V", 1, "vector unit, UB to UB">;
def QueueM : EngineQueue<"M", 2, "cube: L0A times L0B into L0C">;
def QueueMTE1 : EngineQueue<"MTE1", 3, "L1 to L0A, L0B and BT">;
def QueueMTE2 : EngineQueue<"MTE2", 4, "global memory to L1 and UB">;
def QueueMTE3 : EngineQueue<"MTE3", 5, "UB and L1 to global memory">;
def QueueFIX : EngineQueue<"FIX", 6, "L0C to global memory, L1 and UB; L1 to FB">;

def SpaceGM : EngineSpace<"GM", 0, 1, "global memory">;
def SpaceUB : EngineSpace<"UB", 1, 32, "operands of the vector unit">;
def SpaceL1 : EngineSpace<"L1", 2, 32, "staging for the cube">;
def SpaceL0A : EngineSpace<"L0A", 3, 512, "left operand of the cube">;
def SpaceL0B : EngineSpace<"L0B", 4, 512, "right operand of the cube">;
def SpaceL0C : EngineSpace<"L0C", 5, 64, "accumulators of the cube">;
def SpaceBT : EngineSpace<"BT", 6, 64, "bias per column">;
def SpaceFB : EngineSpace<"FB", 7, 64, "fixpipe's values per column">;
def SpacePeer : EngineSpace<"PEER", 8, 32, "UB of the vector core in bits 55:48; on a vector core, L1 of its cube core">;
def SpaceStack : EngineSpace<"STACK", 9, 1, "private memory of the control core">;

def F16 : EngineType<"f16", 0, 2>;
def BF16 : EngineType<"bf16", 1, 2>;
def F32 : EngineType<"f32", 2, 4>;
def S8 : EngineType<"s8", 3, 1>;
def S16 : EngineType<"s16", 4, 2>;
def S32 : EngineType<"s32", 5, 4>;
def U8 : EngineType<"u8", 6, 1>;
def U32 : EngineType<"u32", 7, 4>;

defvar Floats = [F16, F32];
defvar Numbers = [F16, F32, S32, S16];
defvar Bits = [S16, S32, U32];
defvar Words = [F16, F32, S16, S32, U32];
defvar Every = [F16, BF16, F32, S8, S16, S32, U8, U32];

class Control<string text, EngineQueue queue, int funct3> : EngineCommand<text, queue, 0x0b, funct3>;
class Movement<string text, EngineQueue queue> : EngineCommand<text, queue, 0x2b, queue.number>;
class Cube<string text, EngineQueue queue> : EngineCommand<text, queue, 0x5b, queue.number>;
class Vector<string text, int form> : EngineCommand<text, QueueV, 0x7b, form>;

//===----------------------------------------------------------------------===//
// Control (custom-0)
//===----------------------------------------------------------------------===//

def PSet : Control<"np.pset", QueueS, 0> {
  let summary = "sets two parameter registers";
  let description = "P[2k] becomes rs1 and P[2k + 1] becomes rs2, for the commands issued from here on.";
  let fields = [F7<"index", 0, 3, "k">, R1<"low", 0, 64, "value of P[2k]">, R2<"high", 0, 64, "value of P[2k + 1]">];
}

def Get : Control<"np.get", QueueS, 1> {
  let summary = "reads who and where the core is";
  let hasResult = 1;
  let description = [{
    rd becomes: 0 number of the block that the core works on, 1 number of blocks, 2 number of the core among the vector
    cores of its group, 3 how many those are, 4 kind of the core (0 cube, 1 vector, 2 both), 5 cycle, 6 reserved, 7 size
    in bytes of memory rs1, 8 address of the arguments.
  }];
  let fields = [F7<"what", 0, 4, "what is read">, R1<"index", 0, 64, "tag of a memory, for 7">];
  let checks = [EngineCheck<"what <= 8 && what != 6", "unknown value of np.get">];
}

def Flag : Control<"np.flag", QueueS, 2> {
  let summary = "sets a flag between two queues, or waits for it";
  let description = [{
    Setting joins queue `src` and happens when everything that queue took before is done. Waiting joins queue `dst`,
    holds it until the flag is set, and takes the flag back; in queue S it holds the control core. A flag that is set
    twice without a wait between traps, as does one that is still set when the kernel ends.
  }];
  let fields = [QueueF7<"dst", 0, "queue that waits">, QueueF7<"src", 3, "queue that sets">,
                F7<"wait", 6, 1, "1 waits, 0 sets">, R1<"event", 0, 64, "number of the flag">];
  let checks = [EngineCheck<"src != dst && src < 7 && dst < 7", "a flag joins two different queues">];
}

def Follow : Control<"np.follow", QueueS, 6> {
  let summary = "waits for a flag fractal by fractal";
  let description = [{
    Joins queue `dst` and takes the flag back, as `np.flag` does. Where the last command of queue `src` in front of the
    flag and the next one of `dst` have the same fractals of L0C, the next one takes each fractal once the last one is
    done with it, and so ends behind it; else it starts when the flag is set. L0C is all that commands of M and FIX
    have in common.
  }];
  let fields = [QueueF7<"dst", 0, "queue that waits">, QueueF7<"src", 3, "queue that sets">,
                R1<"event", 0, 64, "number of the flag">];
  let checks = [EngineCheck<"(src == 2 && dst == 6) || (src == 6 && dst == 2)", "only M and FIX follow each other">];
  let timing = "the time of the last fractal, of a command at an even pace";
}

def Barrier : Control<"np.bar", QueueS, 3> {
  let summary = "holds the control core until a queue is done";
  let description = "Queue 7 stands for all of them. Commands of one queue need no barrier: they see each other's results.";
  let fields = [F7<"queue", 0, 3, "queue, 7 for all">];
  let checks = [EngineCheck<"queue != 0", "no barrier on queue S">];
  let timing = "drain, and one cycle; ten for all queues";
}

def CrossFlag : Control<"np.xflag", QueueS, 4> {
  let summary = "counts up a flag of other cores, or waits for one's own";
  let description = [{
    Mode 0 counts up all cores of the kind when each of them has set, 1 the vector cores of a group when each of them
    has set, 2 from the cube core up each of its vector cores, and from them up the cube core when each has set, 3
    between the cube core and vector core rs2 of its group. A count is at most 15. Setting joins queue `queue`; waiting
    holds it until the count is not 0, and counts down.
  }];
  let fields = [QueueF7<"queue", 1, "queue that sets or waits">, F7<"mode", 4, 2, "who takes part">,
                F7<"wait", 6, 1, "1 waits, 0 sets">, R1<"flag", 0, 64, "number of the flag">,
                R2<"peer", 0, 64, "vector core, for mode 3">];
  let checks = [EngineCheck<"queue < 7", "unknown queue">];
  let timing = "the device's cost between cores";
}

def LaneMask : Control<"np.mask", QueueS, 5> {
  let summary = "sets the lane mask of masked vector commands";
  let fields = [R1<"low", 0, 64, "lanes 0 to 63">, R2<"high", 0, 64, "lanes 64 to 127">];
}

def System : Control<"np.sys", QueueS, 7> {
  let summary = "ends the kernel, asserts, traces, prints";
  let description = "0 ends this core's kernel; 1 traps with tag rs1 if rs2 is 0; 2 marks the time line; 3 prints both.";
  let fields = [F7<"what", 0, 2, "what is done">, R1<"tag", 0, 64, "tag">, R2<"value", 0, 64, "value">];
}

//===----------------------------------------------------------------------===//
// Movement (custom-1): global memory
//===----------------------------------------------------------------------===//


class Transfer<string text, EngineQueue queue, int value> : Movement<text, queue> {
  let selectMask = 0x0f;
  let select = value;
  list<EngineField> addresses = [R1<"dst", 0, 64, "tagged">, R2<"src", 0, 64, "tagged">];
  list<EngineField> shape = [
    PR<0, "rowBytes", 0, 32, "bytes of a row">, PR<0, "rows", 32, 32, "rows of a plane">,
    PR<1, "srcPitch", 0, 32, "bytes from row to row">, PR<1, "dstPitch", 32, 32, "bytes from row to row">,
    PR<2, "planes", 0, 16, "planes">, PR<3, "srcPlane", 0, 32, "bytes from plane to plane">,
    PR<3, "dstPlane", 32, 32, "bytes from plane to plane">];
  let timing = "path from the source's memory to the destination's";
}

def DmaIn : Transfer<"dma.in", QueueMTE2, 0> {
  let summary = "copies rows of planes from global memory to L1 or UB";
  let description = "A row is followed by `pad` bytes of zeros.";
  let fields = addresses # shape # [PR<2, "pad", 20, 16, "bytes of zeros after a row">];
  let accesses = [
    Read<"src", "planesOf(src, rowBytes, rows, srcPitch, planes, srcPlane)">,
    Write<"dst", "planesOf(dst, rowBytes + pad, rows, dstPitch, planes, dstPlane)">];
  let checks = [
    EngineCheck<"isOneOf(src, {Space::GM})", "the source of dma.in is in GM">,
    EngineCheck<"isOneOf(dst, {Space::UB, Space::L1})", "the destination of dma.in is in UB or L1">,
    EngineCheck<"rows * planes <= 1 || dstPitch >= rowBytes + pad || rows <= 1", "rows overlap in the destination">];
  let work = "(rowBytes + pad) * rows * planes";
}

class ToNZ<string text, int value> : Transfer<text, QueueMTE2, value> {
  let fields = addresses # [
    PR<0, "cols", 0, 32, "columns of the matrix">, PR<0, "rows", 32, 32, "rows of the matrix">,
    PR<1, "srcPitch", 0, 40, "bytes from row to row (dma.dn2nz: column to column)">,
    PR<2, "planes", 0, 16, "matrices">, PR<2, "type", 16, 4, "element type">,
    PR<2, "dstPitch", 36, 16, "blk from one column of fractals to the next">,
    PR<3, "srcPlane", 0, 32, "bytes from matrix to matrix">, PR<3, "dstPlane", 32, 32, "bytes from matrix to matrix">];
  let checks = [
    EngineCheck<"type < 8", "unknown element type">,
    EngineCheck<"isOneOf(src, {Space::GM})", "the source is in GM">,
    EngineCheck<"isOneOf(dst, {Space::L1})", "the destination is in L1">,
    EngineCheck<"dstPitch >= roundUp(rows, 16)", "columns of fractals overlap in the destination">];
}

defvar NZDestination = Write<"dst",
    "planesOf(dst, roundUp(rows, 16) * 32, ceilDiv(cols, 32 / size(type)), dstPitch * 32, planes, dstPlane)">;

def Nd2nz : ToNZ<"dma.nd2nz", 1> {
  let summary = "copies row-major matrices to L1 as columns of fractals (NZ)";
  let description = "Fractals are 16 rows of 32 bytes; rows and columns that the matrix lacks become zero.";
  let accesses = [Read<"src", "planesOf(src, cols * size(type), rows, srcPitch, planes, srcPlane)">, NZDestination];
  let work = "cols * size(type) * rows * planes";
  let timing = "path GM to L1 as NZ, a cycle at least for each 512 bytes of a row";
}

def Dn2nz : ToNZ<"dma.dn2nz", 2> {
  let summary = "copies column-major matrices to L1 as columns of fractals (NZ)";
  let accesses = [Read<"src", "planesOf(src, rows * size(type), cols, srcPitch, planes, srcPlane)">, NZDestination];
  let work = "cols * size(type) * rows * planes";
  let timing = "path GM to L1 as NZ, a cycle at least for each 512 bytes of a column";
}

def DmaFill : Transfer<"dma.fill", QueueMTE2, 3> {
  let summary = "fills rows of L1 or UB with a word of 32 bits";
  let fields = [R1<"dst", 0, 64, "tagged">, R2<"value", 0, 32, "word">,
                PR<0, "rowBytes", 0, 32, "bytes of a row">, PR<0, "rows", 32, 32, "rows">,
                PR<1, "dstPitch", 32, 32, "bytes from row to row">];
  let accesses = [Write<"dst", "rowsOf(dst, rowBytes, rows, dstPitch)">];
  let checks = [
    EngineCheck<"isOneOf(dst, {Space::UB, Space::L1})", "the destination of dma.fill is in UB or L1">,
    EngineCheck<"rowBytes % 4 == 0", "rows of dma.fill are whole words">];
  let work = "rowBytes * rows";
}

def DmaGather : Transfer<"dma.gather", QueueMTE2, 4> {
  let summary = "copies the rows of a table that a list of s32 in UB names";
  let fields = addresses # [
    PR<0, "rowBytes", 0, 32, "bytes of a row">, PR<0, "rows", 32, 32, "entries of the list">,
    PR<1, "srcPitch", 0, 32, "bytes from row to row of the table">, PR<1, "dstPitch", 32, 32, "bytes from row to row">,
    PR<4, "index", 0, 64, "list, tagged">, PR<5, "limit", 0, 32, "rows of the table">];
  let accesses = [
    Read<"index", "rowsOf(index, rows * 4, 1, 0)">, Read<"src", "rowsOf(src, rowBytes, limit, srcPitch)">,
    Write<"dst", "rowsOf(dst, rowBytes, rows, dstPitch)">];
  let checks = [
    EngineCheck<"isOneOf(src, {Space::GM})", "the source of dma.gather is in GM">,
    EngineCheck<"isOneOf(index, {Space::UB})", "the list of dma.gather is in UB">,
    EngineCheck<"isOneOf(dst, {Space::UB})", "the destination of dma.gather is in UB">];
  let work = "rowBytes * rows";
}

def DmaLoad2d : Transfer<"dma.load2d", QueueMTE2, 5> {
  let summary = "loads a block of fractals from global memory into L0A or L0B";
  let description = [{
    Fractal (i, j) of the source, i in `rows` and j in `cols`, is at j * srcPitch + i * 512 bytes. With `transpose`, for
    elements of 2 bytes, the block as a whole is transposed. Devices without a path from GM to the target have no such
    command.
  }];
  let fields = addresses # [
    F7<"transpose", 4, 1, "transposes the block">,
    F7<"order", 5, 1, "fractal (i, j) of the result at i * pitch + j (0) or j * pitch + i (1)">,
    PR<0, "rows", 0, 32, "fractals">, PR<0, "cols", 32, 32, "fractals">,
    PR<1, "srcPitch", 0, 32, "bytes from column to column of fractals">, PR<1, "dstPitch", 32, 32, "fractals">];
  let accesses = [
    Read<"src", "rowsOf(src, rows * 512, cols, srcPitch)">,
    Write<"dst", "fractalsOf(dst, transpose ? cols : rows, transpose ? rows : cols, dstPitch, order)">];
  let checks = [
    EngineCheck<"isOneOf(src, {Space::GM})", "the source of dma.load2d is in GM">,
    EngineCheck<"isOneOf(dst, {Space::L0A, Space::L0B})", "the destination of dma.load2d is in L0A or L0B">];
  let work = "rows * cols * 512";
}

def DmaOut : Transfer<"dma.out", QueueMTE3, 0> {
  let summary = "copies rows of planes from UB or L1 to global memory, or adds to it, or from one to the other";
  let description = [{
    `atomic` 1 adds, 2 takes the maximum, 3 the minimum, each element of `type` at once for all cores. Between UB and L1
    it copies where the device has a path: on one core, or, by PEER, from a vector core to its cube core and back.
  }];
  let fields = addresses # shape # [
    F7<"atomic", 4, 2, "what is done to memory">, PR<2, "type", 16, 4, "element type, for atomic">];
  let accesses = [
    Read<"src", "planesOf(src, rowBytes, rows, srcPitch, planes, srcPlane)">,
    Write<"dst", "atomicIf(atomic, planesOf(dst, rowBytes, rows, dstPitch, planes, dstPlane))">];
  let checks = [
    EngineCheck<"isOneOf(dst, {Space::GM, Space::Peer}) || isOneOf(dst, {spaceOf(src) == Space::UB ? Space::L1 : Space::UB})",
                "the destination of dma.out is in GM, or in the other of UB and L1">,
    EngineCheck<"isOneOf(src, {Space::UB, Space::L1})", "the source of dma.out is in UB or L1">,
    EngineCheck<"!atomic || (isOneOf(dst, {Space::GM}) && type < 6 && rowBytes % size(type) == 0)", "no atomic on this element type">];
  let work = "rowBytes * rows * planes";
}

def Nz2nd : Transfer<"dma.nz2nd", QueueMTE3, 1> {
  let summary = "copies columns of fractals (NZ) from UB or L1 to row-major matrices";
  let fields = addresses # [
    PR<0, "cols", 0, 32, "columns of the matrix">, PR<0, "rows", 32, 32, "rows of the matrix">,
    PR<1, "dstPitch", 0, 40, "bytes from row to row">, PR<2, "planes", 0, 16, "matrices">,
    PR<2, "type", 16, 4, "element type">, PR<2, "srcPitch", 36, 16, "blk from one column of fractals to the next">,
    PR<3, "srcPlane", 0, 32, "bytes from matrix to matrix">, PR<3, "dstPlane", 32, 32, "bytes from matrix to matrix">];
  let accesses = [
    Read<"src", "planesOf(src, rows * 32, ceilDiv(cols, 32 / size(type)), srcPitch * 32, planes, srcPlane)">,
    Write<"dst", "planesOf(dst, cols * size(type), rows, dstPitch, planes, dstPlane)">];
  let checks = [
    EngineCheck<"type < 8", "unknown element type">,
    EngineCheck<"isOneOf(dst, {Space::GM})", "the destination of dma.nz2nd is in GM">,
    EngineCheck<"isOneOf(src, {Space::UB, Space::L1})", "the source of dma.nz2nd is in UB or L1">];
  let work = "cols * size(type) * rows * planes";
}

//===----------------------------------------------------------------------===//
// Movement (custom-1): from L1 to the cube's memories
//===----------------------------------------------------------------------===//

class Load<string text, EngineQueue queue, int value> : Movement<text, queue> {
  let selectMask = 0x60;
  let select = value;
  list<EngineField> kind = [
    F7<"target", 0, 1, "0 to L0A, 1 to L0B">, F7<"transpose", 1, 1, "transposes the block">,
    F7<"order", 2, 1, "fractal (i, j) of the result at i * pitch + j (0) or j * pitch + i (1)">,
    F7<"scale", 3, 2, "binary logarithm of the element's bytes">];
  let timing = "path from L1 to the target, five cycles for each piece after the first";
}

def Load2d : Load<"l0.load2d", QueueMTE1, 0x00> {
  let summary = "loads a block of fractals into L0A or L0B";
  let description = [{
    Fractal (i, j) of the source, i in `rows` and j in `cols`, is at j * srcPitch + i. With `transpose` the block as a
    whole is transposed: its result has cols * C0 / 16 by rows * 16 / C0 fractals, C0 = 32 bytes of elements.
  }];
  let fields = kind # [
    R1<"dst", 0, 16, "blk">, R1<"src", 16, 16, "blk">, R1<"rows", 32, 16, "fractals">, R1<"cols", 48, 16, "fractals">,
    R2<"srcPitch", 0, 16, "fractals">, R2<"dstPitch", 16, 16, "fractals">];
  let accesses = [
    Read<"src", "rowsOf(tagged(Space::L1, src * 32), rows * 512, cols, srcPitch * 512)">,
    Write<"dst", "fractalsOf(loadTarget(target, dst), loadRows(transpose, scale, rows, cols), "
                 "loadCols(transpose, scale, rows, cols), dstPitch, order)">];
  let checks = [
    EngineCheck<"scale < 3", "elements have 1, 2 or 4 bytes">,
    EngineCheck<"!transpose || (cols * (32 >> scale)) % 16 == 0", "a transposed block has whole fractals of columns">,
    EngineCheck<"!transpose || (rows * 16) % (32 >> scale) == 0", "a transposed block has whole fractals of rows">];
  let work = "rows * cols * 512";
}

def Load3d : Load<"l0.load3d", QueueMTE1, 0x20> {
  let summary = "loads a window of the image-to-column matrix of an NC1HWC0 image in L1";
  let description = [{
    Row m of the matrix is a place of the kernel, ho * Wo + wo; column k is ((c1 * Kh + kh) * Kw + kw) * C0 + c0. The
    value is that of pixel (ho * sH - padT + kh * dH, wo * sW - padL + kw * dW), or `padValue` outside of the image.
    The window starts at (mStart, kStart); what it has beyond `mExt` and `kExt` up to whole fractals is zero.
  }];
  let fields = kind # [
    R1<"dst", 0, 16, "blk">, R1<"src", 16, 16, "blk">, R1<"channels", 32, 16, "channels">,
    R1<"dstPitch", 48, 16, "fractals">,
    R2<"mExt", 0, 16, "rows">, R2<"kExt", 16, 16, "columns">, R2<"mStart", 32, 16, "row">, R2<"kStart", 48, 16, "column">,
    PR<4, "width", 0, 16, "columns of the image">, PR<4, "height", 16, 16, "rows of the image">,
    PR<4, "padL", 32, 8, "columns of padding">, PR<4, "padR", 40, 8, "columns of padding">,
    PR<4, "padT", 48, 8, "rows of padding">, PR<4, "padB", 56, 8, "rows of padding">,
    PR<5, "sW", 0, 8, "stride">, PR<5, "sH", 8, 8, "stride">, PR<5, "kW", 16, 8, "kernel">, PR<5, "kH", 24, 8, "kernel">,
    PR<5, "dW", 32, 8, "dilation">, PR<5, "dH", 40, 8, "dilation">, PR<5, "padValue", 48, 16, "bits of the padding">];
  let accesses = [
    Read<"src", "rowsOf(tagged(Space::L1, src * 32), width * height * 32, ceilDiv(channels, 32 >> scale), width * height * 32)">,
    Write<"dst", "fractalsOf(loadTarget(target, dst), loadRows(transpose, scale, ceilDiv(mExt, 16), ceilDiv(kExt, 32 >> scale)), "
                 "loadCols(transpose, scale, ceilDiv(mExt, 16), ceilDiv(kExt, 32 >> scale)), dstPitch, order)">];
  let checks = [
    EngineCheck<"scale < 3", "elements have 1, 2 or 4 bytes">,
    EngineCheck<"kW && kH && sW && sH && dW && dH", "kernel, stride and dilation are not zero">,
    EngineCheck<"width + padL + padR > dW * (kW - 1) && height + padT + padB > dH * (kH - 1)",
                "the kernel fits into the padded image">,
    EngineCheck<"!transpose || scale == 1", "only elements of 2 bytes are transposed">];
  let work = "ceilDiv(mExt, 16) * ceilDiv(kExt, 32 >> scale) * 512";
}

def BiasLoad : Load<"bt.load", QueueMTE1, 0x40> {
  let summary = "loads biases into BT";
  let description = "`convert` widens f16 (1) or bf16 (2) to f32; 0 copies words of 32 bits.";
  let fields = [F7<"convert", 0, 2, "what becomes of a value">, R1<"dst", 0, 16, "blk">, R1<"src", 16, 16, "blk">,
                R1<"count", 32, 16, "values">];
  let accesses = [Read<"src", "rowsOf(tagged(Space::L1, src * 32), count * (convert ? 2 : 4), 1, 0)">,
                  Write<"dst", "rowsOf(tagged(Space::BT, dst * 32), count * 4, 1, 0)">];
  let checks = [EngineCheck<"convert < 3", "unknown conversion">];
  let work = "count * 4";
  let timing = "path from L1 to BT";
}

def ParameterLoad : Movement<"fb.load", QueueFIX> {
  let selectMask = 0x60;
  let summary = "loads fixpipe's values per column into FB";
  let fields = [R1<"dst", 0, 16, "blk">, R1<"src", 16, 16, "blk">, R1<"count", 32, 16, "values of 32 bits">];
  let accesses = [Read<"src", "rowsOf(tagged(Space::L1, src * 32), count * 4, 1, 0)">,
                  Write<"dst", "rowsOf(tagged(Space::FB, dst * 32), count * 4, 1, 0)">];
  let work = "count * 4";
  let timing = "path from L1 to FB";
}

//===----------------------------------------------------------------------===//
// Cube (custom-2)
//===----------------------------------------------------------------------===//

def Mmad : Cube<"mmad", QueueM> {
  let summary = "multiplies A by B into, or onto, C";
  let description = [{
    A is m by k in the device's order of fractals for L0A, B is k by n with (n, k) fractals in rows of k, C is m by n in
    columns of 16 by 16 fractals of f32 or s32. Sums are exact products added in order of k with one rounding each.
    Rows and columns of C beyond m and n, up to whole fractals, are computed from what A and B hold there.
    `init` 0 adds onto C, 1 starts from zero, 2 from the bias of the column. Any of m, k, n zero does nothing.
  }];
  let fields = [
    F7<"type", 0, 5, "0 f16, 1 bf16, 2 f32, 3 s8, 4 u8 by s8">, F7<"init", 5, 2, "what C starts from">,
    R1<"a", 0, 16, "blk of L0A">, R1<"b", 16, 16, "blk of L0B">, R1<"c", 32, 16, "blk of L0C">,
    R1<"bias", 48, 16, "blk of BT">,
    R2<"m", 0, 16, "rows of C">, R2<"k", 16, 16, "columns of A">, R2<"n", 32, 16, "columns of C">,
    R2<"flags", 48, 16, "reserved, 0">];
  let accesses = [
    Read<"a", "rowsOf(tagged(Space::L0A, a * 32), ceilDiv(m, 16) * ceilDiv(k, cubeDepth(type)) * 512, 1, 0)">,
    Read<"b", "rowsOf(tagged(Space::L0B, b * 32), ceilDiv(n, 16) * ceilDiv(k, cubeDepth(type)) * 512, 1, 0)">,
    Read<"c", "aligned(1024, rowsOf(tagged(Space::L0C, c * 32), ceilDiv(m, 16) * ceilDiv(n, 16) * 1024, 1, 0))", "init == 0">,
    Read<"bias", "rowsOf(tagged(Space::BT, bias * 32), n * 4, 1, 0)", "init == 2">,
    Write<"c", "aligned(1024, rowsOf(tagged(Space::L0C, c * 32), ceilDiv(m, 16) * ceilDiv(n, 16) * 1024, 1, 0))">];
  let checks = [
    EngineCheck<"type < 5", "unknown types of mmad">, EngineCheck<"init < 3", "unknown start of mmad">,
    EngineCheck<"m < 4096 && k < 4096 && n < 4096", "m, k and n are at most 4095">,
    EngineCheck<"flags == 0", "reserved bits are not zero">];
  let work = "ceilDiv(m, 16) * ceilDiv(k, cubeDepth(type)) * ceilDiv(n, 16)";
  let timing = "cycles per fractal of the type";
}

def Fix : Cube<"fix", QueueFIX> {
  let summary = "converts accumulators and stores them";
  let description = [{
    C is taken as mmad wrote it, its columns of fractals `srcPitch` fractals apart. The value becomes, in this order:
    rectified (`relu`: kind 0 max(x, 0), 1 leaky with one slope, 2 with a slope per column), multiplied by the scale of the
    column or of all (`quant` 3 to 6), rounded to nearest even, moved by `zero`, and saturated. `quant` is 0 as it is,
    1 f16, 2 bf16, 3 s32 to f16, 4 f32 to s8, 5 s32 to s8, 6 s32 to u8, 7 f32 to u8. `layout` 0 is rows (ND), 1 columns
    of fractals (NZ), 2 columns (DN); `dstPitch` leads from row to row, from column of fractals to the next, or from
    column to column.
  }];
  let fields = [
    F7<"quant", 0, 4, "conversion">, F7<"relu", 4, 1, "rectifies">, F7<"layout", 5, 2, "of the result">,
    R1<"dst", 0, 64, "tagged">,
    R2<"c", 0, 16, "blk of L0C">, R2<"m", 16, 16, "rows">, R2<"n", 32, 16, "columns">, R2<"srcPitch", 48, 16, "fractals">,
    PR<6, "dstPitch", 0, 32, "bytes">, PR<6, "atomic", 48, 4, "as of dma.out">, PR<6, "kind", 52, 4, "of relu">,
    PR<7, "scale", 0, 32, "scale of all columns, bits of an f32">, PR<7, "zero", 32, 16, "added after scaling, signed">,
    PR<7, "table", 48, 16, "blk in FB of the scales per column, 65535 for none">,
    PR<8, "slope", 0, 32, "slope of all columns, bits of an f32">,
    PR<8, "slopes", 32, 16, "blk in FB of the slopes per column">];
  let accesses = [
    Read<"c", "rowsOf(tagged(Space::L0C, c * 32), ceilDiv(m, 16) * 1024, ceilDiv(n, 16), srcPitch * 1024)">,
    Read<"table", "rowsOf(tagged(Space::FB, table * 32), n * 4, 1, 0)", "quant >= 3 && table != 0xffff">,
    Read<"slopes", "rowsOf(tagged(Space::FB, slopes * 32), n * 4, 1, 0)", "relu && kind == 2">,
    Write<"dst", "atomicIf(atomic, fixTarget(dst, layout, m, n, fixBytes(quant), dstPitch))">];
  let checks = [
    EngineCheck<"quant < 8", "unknown conversion of fix">, EngineCheck<"layout < 3", "unknown layout of fix">,
    EngineCheck<"kind < 3", "unknown kind of relu">,
    EngineCheck<"atomic < 4 && (!atomic || fixBytes(quant) > 1)", "no atomic on this element type">,
    EngineCheck<"isOneOf(dst, {Space::GM, Space::L1, Space::UB, Space::Peer})",
                "the destination of fix is in GM, L1 or UB">];
  let work = "roundUp(n * fixBytes(quant), 32) * m";
  let timing = "path from L0C to the destination; rows under 512 bytes in GM at half the rate";
}

include "ge-mlir/Device/EngineVector.td"

#endif // GE_MLIR_DEVICE_ENGINECOMMANDS
