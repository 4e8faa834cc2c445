/** A ring of many classes: the compiler must get around it without using up its stack. Written by a loop; one line for each class. */
import { column, foreignKey, t } from "@athanor/core";
import { declarativeBase, type ListOf, many, one } from "@athanor/orm";

const Base = declarativeBase();
const id = () => column(t.integer, { primaryKey: true });

class R0 extends Base.mapped("r0", { id: id(), nextId: column(t.integer, foreignKey("r1.id")), next: () => one(R1), back: () => many(R119) }) {}
class R1 extends Base.mapped("r1", { id: id(), nextId: column(t.integer, foreignKey("r2.id")), next: () => one(R2), back: () => many(R0) }) {}
class R2 extends Base.mapped("r2", { id: id(), nextId: column(t.integer, foreignKey("r3.id")), next: () => one(R3), back: () => many(R1) }) {}
class R3 extends Base.mapped("r3", { id: id(), nextId: column(t.integer, foreignKey("r4.id")), next: () => one(R4), back: () => many(R2) }) {}
class R4 extends Base.mapped("r4", { id: id(), nextId: column(t.integer, foreignKey("r5.id")), next: () => one(R5), back: () => many(R3) }) {}
class R5 extends Base.mapped("r5", { id: id(), nextId: column(t.integer, foreignKey("r6.id")), next: () => one(R6), back: () => many(R4) }) {}
class R6 extends Base.mapped("r6", { id: id(), nextId: column(t.integer, foreignKey("r7.id")), next: () => one(R7), back: () => many(R5) }) {}
class R7 extends Base.mapped("r7", { id: id(), nextId: column(t.integer, foreignKey("r8.id")), next: () => one(R8), back: () => many(R6) }) {}
class R8 extends Base.mapped("r8", { id: id(), nextId: column(t.integer, foreignKey("r9.id")), next: () => one(R9), back: () => many(R7) }) {}
class R9 extends Base.mapped("r9", { id: id(), nextId: column(t.integer, foreignKey("r10.id")), next: () => one(R10), back: () => many(R8) }) {}
class R10 extends Base.mapped("r10", { id: id(), nextId: column(t.integer, foreignKey("r11.id")), next: () => one(R11), back: () => many(R9) }) {}
class R11 extends Base.mapped("r11", { id: id(), nextId: column(t.integer, foreignKey("r12.id")), next: () => one(R12), back: () => many(R10) }) {}
class R12 extends Base.mapped("r12", { id: id(), nextId: column(t.integer, foreignKey("r13.id")), next: () => one(R13), back: () => many(R11) }) {}
class R13 extends Base.mapped("r13", { id: id(), nextId: column(t.integer, foreignKey("r14.id")), next: () => one(R14), back: () => many(R12) }) {}
class R14 extends Base.mapped("r14", { id: id(), nextId: column(t.integer, foreignKey("r15.id")), next: () => one(R15), back: () => many(R13) }) {}
class R15 extends Base.mapped("r15", { id: id(), nextId: column(t.integer, foreignKey("r16.id")), next: () => one(R16), back: () => many(R14) }) {}
class R16 extends Base.mapped("r16", { id: id(), nextId: column(t.integer, foreignKey("r17.id")), next: () => one(R17), back: () => many(R15) }) {}
class R17 extends Base.mapped("r17", { id: id(), nextId: column(t.integer, foreignKey("r18.id")), next: () => one(R18), back: () => many(R16) }) {}
class R18 extends Base.mapped("r18", { id: id(), nextId: column(t.integer, foreignKey("r19.id")), next: () => one(R19), back: () => many(R17) }) {}
class R19 extends Base.mapped("r19", { id: id(), nextId: column(t.integer, foreignKey("r20.id")), next: () => one(R20), back: () => many(R18) }) {}
class R20 extends Base.mapped("r20", { id: id(), nextId: column(t.integer, foreignKey("r21.id")), next: () => one(R21), back: () => many(R19) }) {}
class R21 extends Base.mapped("r21", { id: id(), nextId: column(t.integer, foreignKey("r22.id")), next: () => one(R22), back: () => many(R20) }) {}
class R22 extends Base.mapped("r22", { id: id(), nextId: column(t.integer, foreignKey("r23.id")), next: () => one(R23), back: () => many(R21) }) {}
class R23 extends Base.mapped("r23", { id: id(), nextId: column(t.integer, foreignKey("r24.id")), next: () => one(R24), back: () => many(R22) }) {}
class R24 extends Base.mapped("r24", { id: id(), nextId: column(t.integer, foreignKey("r25.id")), next: () => one(R25), back: () => many(R23) }) {}
class R25 extends Base.mapped("r25", { id: id(), nextId: column(t.integer, foreignKey("r26.id")), next: () => one(R26), back: () => many(R24) }) {}
class R26 extends Base.mapped("r26", { id: id(), nextId: column(t.integer, foreignKey("r27.id")), next: () => one(R27), back: () => many(R25) }) {}
class R27 extends Base.mapped("r27", { id: id(), nextId: column(t.integer, foreignKey("r28.id")), next: () => one(R28), back: () => many(R26) }) {}
class R28 extends Base.mapped("r28", { id: id(), nextId: column(t.integer, foreignKey("r29.id")), next: () => one(R29), back: () => many(R27) }) {}
class R29 extends Base.mapped("r29", { id: id(), nextId: column(t.integer, foreignKey("r30.id")), next: () => one(R30), back: () => many(R28) }) {}
class R30 extends Base.mapped("r30", { id: id(), nextId: column(t.integer, foreignKey("r31.id")), next: () => one(R31), back: () => many(R29) }) {}
class R31 extends Base.mapped("r31", { id: id(), nextId: column(t.integer, foreignKey("r32.id")), next: () => one(R32), back: () => many(R30) }) {}
class R32 extends Base.mapped("r32", { id: id(), nextId: column(t.integer, foreignKey("r33.id")), next: () => one(R33), back: () => many(R31) }) {}
class R33 extends Base.mapped("r33", { id: id(), nextId: column(t.integer, foreignKey("r34.id")), next: () => one(R34), back: () => many(R32) }) {}
class R34 extends Base.mapped("r34", { id: id(), nextId: column(t.integer, foreignKey("r35.id")), next: () => one(R35), back: () => many(R33) }) {}
class R35 extends Base.mapped("r35", { id: id(), nextId: column(t.integer, foreignKey("r36.id")), next: () => one(R36), back: () => many(R34) }) {}
class R36 extends Base.mapped("r36", { id: id(), nextId: column(t.integer, foreignKey("r37.id")), next: () => one(R37), back: () => many(R35) }) {}
class R37 extends Base.mapped("r37", { id: id(), nextId: column(t.integer, foreignKey("r38.id")), next: () => one(R38), back: () => many(R36) }) {}
class R38 extends Base.mapped("r38", { id: id(), nextId: column(t.integer, foreignKey("r39.id")), next: () => one(R39), back: () => many(R37) }) {}
class R39 extends Base.mapped("r39", { id: id(), nextId: column(t.integer, foreignKey("r40.id")), next: () => one(R40), back: () => many(R38) }) {}
class R40 extends Base.mapped("r40", { id: id(), nextId: column(t.integer, foreignKey("r41.id")), next: () => one(R41), back: () => many(R39) }) {}
class R41 extends Base.mapped("r41", { id: id(), nextId: column(t.integer, foreignKey("r42.id")), next: () => one(R42), back: () => many(R40) }) {}
class R42 extends Base.mapped("r42", { id: id(), nextId: column(t.integer, foreignKey("r43.id")), next: () => one(R43), back: () => many(R41) }) {}
class R43 extends Base.mapped("r43", { id: id(), nextId: column(t.integer, foreignKey("r44.id")), next: () => one(R44), back: () => many(R42) }) {}
class R44 extends Base.mapped("r44", { id: id(), nextId: column(t.integer, foreignKey("r45.id")), next: () => one(R45), back: () => many(R43) }) {}
class R45 extends Base.mapped("r45", { id: id(), nextId: column(t.integer, foreignKey("r46.id")), next: () => one(R46), back: () => many(R44) }) {}
class R46 extends Base.mapped("r46", { id: id(), nextId: column(t.integer, foreignKey("r47.id")), next: () => one(R47), back: () => many(R45) }) {}
class R47 extends Base.mapped("r47", { id: id(), nextId: column(t.integer, foreignKey("r48.id")), next: () => one(R48), back: () => many(R46) }) {}
class R48 extends Base.mapped("r48", { id: id(), nextId: column(t.integer, foreignKey("r49.id")), next: () => one(R49), back: () => many(R47) }) {}
class R49 extends Base.mapped("r49", { id: id(), nextId: column(t.integer, foreignKey("r50.id")), next: () => one(R50), back: () => many(R48) }) {}
class R50 extends Base.mapped("r50", { id: id(), nextId: column(t.integer, foreignKey("r51.id")), next: () => one(R51), back: () => many(R49) }) {}
class R51 extends Base.mapped("r51", { id: id(), nextId: column(t.integer, foreignKey("r52.id")), next: () => one(R52), back: () => many(R50) }) {}
class R52 extends Base.mapped("r52", { id: id(), nextId: column(t.integer, foreignKey("r53.id")), next: () => one(R53), back: () => many(R51) }) {}
class R53 extends Base.mapped("r53", { id: id(), nextId: column(t.integer, foreignKey("r54.id")), next: () => one(R54), back: () => many(R52) }) {}
class R54 extends Base.mapped("r54", { id: id(), nextId: column(t.integer, foreignKey("r55.id")), next: () => one(R55), back: () => many(R53) }) {}
class R55 extends Base.mapped("r55", { id: id(), nextId: column(t.integer, foreignKey("r56.id")), next: () => one(R56), back: () => many(R54) }) {}
class R56 extends Base.mapped("r56", { id: id(), nextId: column(t.integer, foreignKey("r57.id")), next: () => one(R57), back: () => many(R55) }) {}
class R57 extends Base.mapped("r57", { id: id(), nextId: column(t.integer, foreignKey("r58.id")), next: () => one(R58), back: () => many(R56) }) {}
class R58 extends Base.mapped("r58", { id: id(), nextId: column(t.integer, foreignKey("r59.id")), next: () => one(R59), back: () => many(R57) }) {}
class R59 extends Base.mapped("r59", { id: id(), nextId: column(t.integer, foreignKey("r60.id")), next: () => one(R60), back: () => many(R58) }) {}
class R60 extends Base.mapped("r60", { id: id(), nextId: column(t.integer, foreignKey("r61.id")), next: () => one(R61), back: () => many(R59) }) {}
class R61 extends Base.mapped("r61", { id: id(), nextId: column(t.integer, foreignKey("r62.id")), next: () => one(R62), back: () => many(R60) }) {}
class R62 extends Base.mapped("r62", { id: id(), nextId: column(t.integer, foreignKey("r63.id")), next: () => one(R63), back: () => many(R61) }) {}
class R63 extends Base.mapped("r63", { id: id(), nextId: column(t.integer, foreignKey("r64.id")), next: () => one(R64), back: () => many(R62) }) {}
class R64 extends Base.mapped("r64", { id: id(), nextId: column(t.integer, foreignKey("r65.id")), next: () => one(R65), back: () => many(R63) }) {}
class R65 extends Base.mapped("r65", { id: id(), nextId: column(t.integer, foreignKey("r66.id")), next: () => one(R66), back: () => many(R64) }) {}
class R66 extends Base.mapped("r66", { id: id(), nextId: column(t.integer, foreignKey("r67.id")), next: () => one(R67), back: () => many(R65) }) {}
class R67 extends Base.mapped("r67", { id: id(), nextId: column(t.integer, foreignKey("r68.id")), next: () => one(R68), back: () => many(R66) }) {}
class R68 extends Base.mapped("r68", { id: id(), nextId: column(t.integer, foreignKey("r69.id")), next: () => one(R69), back: () => many(R67) }) {}
class R69 extends Base.mapped("r69", { id: id(), nextId: column(t.integer, foreignKey("r70.id")), next: () => one(R70), back: () => many(R68) }) {}
class R70 extends Base.mapped("r70", { id: id(), nextId: column(t.integer, foreignKey("r71.id")), next: () => one(R71), back: () => many(R69) }) {}
class R71 extends Base.mapped("r71", { id: id(), nextId: column(t.integer, foreignKey("r72.id")), next: () => one(R72), back: () => many(R70) }) {}
class R72 extends Base.mapped("r72", { id: id(), nextId: column(t.integer, foreignKey("r73.id")), next: () => one(R73), back: () => many(R71) }) {}
class R73 extends Base.mapped("r73", { id: id(), nextId: column(t.integer, foreignKey("r74.id")), next: () => one(R74), back: () => many(R72) }) {}
class R74 extends Base.mapped("r74", { id: id(), nextId: column(t.integer, foreignKey("r75.id")), next: () => one(R75), back: () => many(R73) }) {}
class R75 extends Base.mapped("r75", { id: id(), nextId: column(t.integer, foreignKey("r76.id")), next: () => one(R76), back: () => many(R74) }) {}
class R76 extends Base.mapped("r76", { id: id(), nextId: column(t.integer, foreignKey("r77.id")), next: () => one(R77), back: () => many(R75) }) {}
class R77 extends Base.mapped("r77", { id: id(), nextId: column(t.integer, foreignKey("r78.id")), next: () => one(R78), back: () => many(R76) }) {}
class R78 extends Base.mapped("r78", { id: id(), nextId: column(t.integer, foreignKey("r79.id")), next: () => one(R79), back: () => many(R77) }) {}
class R79 extends Base.mapped("r79", { id: id(), nextId: column(t.integer, foreignKey("r80.id")), next: () => one(R80), back: () => many(R78) }) {}
class R80 extends Base.mapped("r80", { id: id(), nextId: column(t.integer, foreignKey("r81.id")), next: () => one(R81), back: () => many(R79) }) {}
class R81 extends Base.mapped("r81", { id: id(), nextId: column(t.integer, foreignKey("r82.id")), next: () => one(R82), back: () => many(R80) }) {}
class R82 extends Base.mapped("r82", { id: id(), nextId: column(t.integer, foreignKey("r83.id")), next: () => one(R83), back: () => many(R81) }) {}
class R83 extends Base.mapped("r83", { id: id(), nextId: column(t.integer, foreignKey("r84.id")), next: () => one(R84), back: () => many(R82) }) {}
class R84 extends Base.mapped("r84", { id: id(), nextId: column(t.integer, foreignKey("r85.id")), next: () => one(R85), back: () => many(R83) }) {}
class R85 extends Base.mapped("r85", { id: id(), nextId: column(t.integer, foreignKey("r86.id")), next: () => one(R86), back: () => many(R84) }) {}
class R86 extends Base.mapped("r86", { id: id(), nextId: column(t.integer, foreignKey("r87.id")), next: () => one(R87), back: () => many(R85) }) {}
class R87 extends Base.mapped("r87", { id: id(), nextId: column(t.integer, foreignKey("r88.id")), next: () => one(R88), back: () => many(R86) }) {}
class R88 extends Base.mapped("r88", { id: id(), nextId: column(t.integer, foreignKey("r89.id")), next: () => one(R89), back: () => many(R87) }) {}
class R89 extends Base.mapped("r89", { id: id(), nextId: column(t.integer, foreignKey("r90.id")), next: () => one(R90), back: () => many(R88) }) {}
class R90 extends Base.mapped("r90", { id: id(), nextId: column(t.integer, foreignKey("r91.id")), next: () => one(R91), back: () => many(R89) }) {}
class R91 extends Base.mapped("r91", { id: id(), nextId: column(t.integer, foreignKey("r92.id")), next: () => one(R92), back: () => many(R90) }) {}
class R92 extends Base.mapped("r92", { id: id(), nextId: column(t.integer, foreignKey("r93.id")), next: () => one(R93), back: () => many(R91) }) {}
class R93 extends Base.mapped("r93", { id: id(), nextId: column(t.integer, foreignKey("r94.id")), next: () => one(R94), back: () => many(R92) }) {}
class R94 extends Base.mapped("r94", { id: id(), nextId: column(t.integer, foreignKey("r95.id")), next: () => one(R95), back: () => many(R93) }) {}
class R95 extends Base.mapped("r95", { id: id(), nextId: column(t.integer, foreignKey("r96.id")), next: () => one(R96), back: () => many(R94) }) {}
class R96 extends Base.mapped("r96", { id: id(), nextId: column(t.integer, foreignKey("r97.id")), next: () => one(R97), back: () => many(R95) }) {}
class R97 extends Base.mapped("r97", { id: id(), nextId: column(t.integer, foreignKey("r98.id")), next: () => one(R98), back: () => many(R96) }) {}
class R98 extends Base.mapped("r98", { id: id(), nextId: column(t.integer, foreignKey("r99.id")), next: () => one(R99), back: () => many(R97) }) {}
class R99 extends Base.mapped("r99", { id: id(), nextId: column(t.integer, foreignKey("r100.id")), next: () => one(R100), back: () => many(R98) }) {}
class R100 extends Base.mapped("r100", { id: id(), nextId: column(t.integer, foreignKey("r101.id")), next: () => one(R101), back: () => many(R99) }) {}
class R101 extends Base.mapped("r101", { id: id(), nextId: column(t.integer, foreignKey("r102.id")), next: () => one(R102), back: () => many(R100) }) {}
class R102 extends Base.mapped("r102", { id: id(), nextId: column(t.integer, foreignKey("r103.id")), next: () => one(R103), back: () => many(R101) }) {}
class R103 extends Base.mapped("r103", { id: id(), nextId: column(t.integer, foreignKey("r104.id")), next: () => one(R104), back: () => many(R102) }) {}
class R104 extends Base.mapped("r104", { id: id(), nextId: column(t.integer, foreignKey("r105.id")), next: () => one(R105), back: () => many(R103) }) {}
class R105 extends Base.mapped("r105", { id: id(), nextId: column(t.integer, foreignKey("r106.id")), next: () => one(R106), back: () => many(R104) }) {}
class R106 extends Base.mapped("r106", { id: id(), nextId: column(t.integer, foreignKey("r107.id")), next: () => one(R107), back: () => many(R105) }) {}
class R107 extends Base.mapped("r107", { id: id(), nextId: column(t.integer, foreignKey("r108.id")), next: () => one(R108), back: () => many(R106) }) {}
class R108 extends Base.mapped("r108", { id: id(), nextId: column(t.integer, foreignKey("r109.id")), next: () => one(R109), back: () => many(R107) }) {}
class R109 extends Base.mapped("r109", { id: id(), nextId: column(t.integer, foreignKey("r110.id")), next: () => one(R110), back: () => many(R108) }) {}
class R110 extends Base.mapped("r110", { id: id(), nextId: column(t.integer, foreignKey("r111.id")), next: () => one(R111), back: () => many(R109) }) {}
class R111 extends Base.mapped("r111", { id: id(), nextId: column(t.integer, foreignKey("r112.id")), next: () => one(R112), back: () => many(R110) }) {}
class R112 extends Base.mapped("r112", { id: id(), nextId: column(t.integer, foreignKey("r113.id")), next: () => one(R113), back: () => many(R111) }) {}
class R113 extends Base.mapped("r113", { id: id(), nextId: column(t.integer, foreignKey("r114.id")), next: () => one(R114), back: () => many(R112) }) {}
class R114 extends Base.mapped("r114", { id: id(), nextId: column(t.integer, foreignKey("r115.id")), next: () => one(R115), back: () => many(R113) }) {}
class R115 extends Base.mapped("r115", { id: id(), nextId: column(t.integer, foreignKey("r116.id")), next: () => one(R116), back: () => many(R114) }) {}
class R116 extends Base.mapped("r116", { id: id(), nextId: column(t.integer, foreignKey("r117.id")), next: () => one(R117), back: () => many(R115) }) {}
class R117 extends Base.mapped("r117", { id: id(), nextId: column(t.integer, foreignKey("r118.id")), next: () => one(R118), back: () => many(R116) }) {}
class R118 extends Base.mapped("r118", { id: id(), nextId: column(t.integer, foreignKey("r119.id")), next: () => one(R119), back: () => many(R117) }) {}
class R119 extends Base.mapped("r119", { id: id(), nextId: column(t.integer, foreignKey("r0.id")), next: () => one(R0), back: () => many(R118) }) {}

const far: number | undefined = new R0().next?.next?.next?.id;
const back: ListOf<R119> = new R0().back;
// @ts-expect-error misspelt
new R7().next?.nxt;
// @ts-expect-error an object of the wrong class
new R7({ next: new R9() });
void [far, back];
