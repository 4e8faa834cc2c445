/** Numbers of the built-in types, as PostgreSQL sends them with result columns (`SELECT oid, typname FROM pg_type`). */

/** OIDs by type name. */
export const oid = {
  bool: 16, bytea: 17, char: 18, name: 19, int8: 20, int2: 21, int2vector: 22, int4: 23, regproc: 24, text: 25, oid: 26, tid: 27, xid: 28, cid: 29,
  oidvector: 30, json: 114, xml: 142, point: 600, cidr: 650, float4: 700, float8: 701, unknown: 705, macaddr8: 774, money: 790, macaddr: 829, inet: 869,
  bpchar: 1042, varchar: 1043, date: 1082, time: 1083, timestamp: 1114, timestamptz: 1184, interval: 1186, timetz: 1266, bit: 1560, varbit: 1562,
  numeric: 1700, regclass: 2205, uuid: 2950, tsvector: 3614, tsquery: 3615, regconfig: 3734, jsonb: 3802, jsonpath: 4072, xid8: 5069,
  int4range: 3904, numrange: 3906, tsrange: 3908, tstzrange: 3910, daterange: 3912, int8range: 3926,
  int4multirange: 4451, nummultirange: 4532, tsmultirange: 4533, tstzmultirange: 4534, datemultirange: 4535, int8multirange: 4536,
} as const;

/** OIDs of the array types, by the OID of their items. */
export const arrayOids: ReadonlyMap<number, number> = new Map([
  [oid.bool, 1000], [oid.bytea, 1001], [oid.char, 1002], [oid.name, 1003], [oid.int2, 1005], [oid.int4, 1007], [oid.text, 1009], [oid.oid, 1028],
  [oid.bpchar, 1014], [oid.varchar, 1015], [oid.int8, 1016], [oid.float4, 1021], [oid.float8, 1022], [oid.inet, 1041], [oid.cidr, 651],
  [oid.macaddr, 1040], [oid.macaddr8, 775], [oid.money, 791], [oid.json, 199], [oid.jsonb, 3807], [oid.date, 1182], [oid.time, 1183],
  [oid.timestamp, 1115], [oid.timestamptz, 1185], [oid.interval, 1187], [oid.timetz, 1270], [oid.bit, 1561], [oid.varbit, 1563], [oid.numeric, 1231],
  [oid.uuid, 2951], [oid.xml, 143], [oid.tsvector, 3643], [oid.tsquery, 3645], [oid.regclass, 2210], [oid.jsonpath, 4073], [oid.int4range, 3905],
  [oid.numrange, 3907], [oid.tsrange, 3909], [oid.tstzrange, 3911], [oid.daterange, 3913], [oid.int8range, 3927],
]);
