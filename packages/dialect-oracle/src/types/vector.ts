/** VECTOR: its options, the distances between vectors, and the options of its indexes. */
import {
  type ColumnElement,
  customOp,
  defineVisitName,
  makeFactory,
  operations,
  SqlType,
  type TypeFactory,
  t,
} from "@athanor/core";

/** A vector, or an expression that gives one. */
export type VectorOperand = readonly number[] | ColumnElement<readonly number[], unknown>;

/** What expressions of vectors have besides the standard operators. */
export interface VectorOps {
  /** `a <-> b`: the Euclidean distance. */
  l2Distance(other: VectorOperand): ColumnElement<number>;
  /** `a <#> b`: the negated inner product. */
  innerProduct(other: VectorOperand): ColumnElement<number>;
  /** `a <=> b`: the cosine distance. */
  cosineDistance(other: VectorOperand): ColumnElement<number>;
}

/** How the numbers of a vector are stored. */
export const VectorStorageFormat = { INT8: "INT8", BINARY: "BINARY", FLOAT32: "FLOAT32", FLOAT64: "FLOAT64" } as const;
/** One of {@link VectorStorageFormat}. */
export type VectorStorageFormat = (typeof VectorStorageFormat)[keyof typeof VectorStorageFormat];

/** How a vector is stored: all its numbers, or those that are not zero. */
export const VectorStorageType = { SPARSE: "SPARSE", DENSE: "DENSE" } as const;
/** One of {@link VectorStorageType}. */
export type VectorStorageType = (typeof VectorStorageType)[keyof typeof VectorStorageType];

/** Options of {@link VECTOR}. */
export interface VectorOptions {
  /** Number of dimensions; any by default. */
  readonly dim?: number;
  readonly storageFormat?: VectorStorageFormat;
  readonly storageType?: VectorStorageType;
}

/** `VECTOR(dim, format, type)` */
export class Vector extends SqlType<readonly number[], readonly number[], VectorOps> {
  readonly dim: number | null;
  readonly storageFormat: VectorStorageFormat | null;
  readonly storageType: VectorStorageType | null;
  constructor(options: VectorOptions = {}) {
    super();
    this.dim = options.dim ?? null;
    this.storageFormat = options.storageFormat ?? null;
    this.storageType = options.storageType ?? null;
  }
}
defineVisitName(Vector, "VECTOR");

const distance =
  (symbol: string) =>
  (left: ColumnElement, right: unknown): ColumnElement<number> =>
    operations.operate(customOp(symbol), left, right, { returnType: t.float() }) as ColumnElement<number>;
const l2 = distance("<->");
const inner = distance("<#>");
const cosine = distance("<=>");

const comparator = {
  l2Distance(this: ColumnElement, other: unknown) {
    return l2(this, other);
  },
  innerProduct(this: ColumnElement, other: unknown) {
    return inner(this, other);
  },
  cosineDistance(this: ColumnElement, other: unknown) {
    return cosine(this, other);
  },
};
Object.defineProperty(Vector.prototype, "comparator", { value: comparator, configurable: true, writable: true });

/** `VECTOR(dim, format, type)` */
export const VECTOR: TypeFactory<[options?: VectorOptions], Vector> = makeFactory(Vector);

/** Kinds of vector indexes. */
export const VectorIndexType = { HNSW: "HNSW", IVF: "IVF" } as const;
/** One of {@link VectorIndexType}. */
export type VectorIndexType = (typeof VectorIndexType)[keyof typeof VectorIndexType];

/** Distances between vectors. */
export const VectorDistanceType = {
  EUCLIDEAN: "EUCLIDEAN",
  DOT: "DOT",
  COSINE: "COSINE",
  MANHATTAN: "MANHATTAN",
} as const;
/** One of {@link VectorDistanceType}. */
export type VectorDistanceType = (typeof VectorDistanceType)[keyof typeof VectorDistanceType];

/** How a vector index is built. */
export interface VectorIndexOptions {
  readonly indexType?: VectorIndexType;
  readonly distance?: VectorDistanceType;
  readonly accuracy?: number;
  readonly hnswNeighbors?: number;
  readonly hnswEfconstruction?: number;
  readonly ivfNeighborPartitions?: number;
  readonly ivfSamplePerPartition?: number;
  readonly ivfMinVectorsPerPartition?: number;
  readonly parallel?: number;
}

/** The options of a vector index: `index("ix", t.c.v, { oracleVector: VectorIndexConfig({ accuracy: 90 }) })`. */
export function VectorIndexConfig(options: VectorIndexOptions = {}): VectorIndexOptions {
  return { indexType: VectorIndexType.HNSW, ...options };
}
