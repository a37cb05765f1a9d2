import { z } from 'zod';

/** https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-common.html: names are folded to lower case. */
const name = z.string().min(1).max(255).toLowerCase();
const parameters = z.record(z.string(), z.string());

const column = z.strictObject({
  Name: z.string().min(1).max(1024),
  Type: z.string().max(131_072).optional(),
  Comment: z.string().max(255).optional(),
  Parameters: parameters.optional(),
});

/** https://docs.aws.amazon.com/glue/latest/webapi/API_StorageDescriptor.html */
const storageDescriptor = z.strictObject({
  Columns: z.array(column).optional(),
  Location: z.string().optional(),
  AdditionalLocations: z.array(z.string()).optional(),
  InputFormat: z.string().optional(),
  OutputFormat: z.string().optional(),
  Compressed: z.boolean().optional(),
  NumberOfBuckets: z.int().optional(),
  SerdeInfo: z
    .strictObject({
      Name: z.string().optional(),
      SerializationLibrary: z.string().optional(),
      Parameters: parameters.optional(),
    })
    .optional(),
  BucketColumns: z.array(z.string()).optional(),
  SortColumns: z.array(z.strictObject({ Column: z.string(), SortOrder: z.int().min(0).max(1) })).optional(),
  Parameters: parameters.optional(),
  SkewedInfo: z.looseObject({}).optional(),
  StoredAsSubDirectories: z.boolean().optional(),
});

export type StorageDescriptor = z.infer<typeof storageDescriptor>;

/** https://docs.aws.amazon.com/glue/latest/webapi/API_DatabaseInput.html, without links to other accounts. */
export const databaseInput = z.strictObject({
  Name: name,
  Description: z.string().max(2048).optional(),
  LocationUri: z.string().min(1).max(1024).optional(),
  Parameters: parameters.optional(),
  CreateTableDefaultPermissions: z.array(z.looseObject({})).optional(),
});
export type DatabaseInput = z.infer<typeof databaseInput>;

/** https://docs.aws.amazon.com/glue/latest/webapi/API_TableInput.html, without links and Data Catalog views. */
export const tableInput = z.strictObject({
  Name: name,
  Description: z.string().max(2048).optional(),
  Owner: z.string().max(255).optional(),
  /** Epoch seconds. */
  LastAccessTime: z.number().optional(),
  LastAnalyzedTime: z.number().optional(),
  Retention: z.int().min(0).optional(),
  StorageDescriptor: storageDescriptor.optional(),
  PartitionKeys: z.array(column).optional(),
  ViewOriginalText: z.string().max(409_600).optional(),
  ViewExpandedText: z.string().max(409_600).optional(),
  TableType: z.string().max(255).optional(),
  Parameters: parameters.optional(),
});

export type TableInput = z.infer<typeof tableInput>;

/** https://docs.aws.amazon.com/glue/latest/webapi/API_PartitionInput.html */
export const partitionInput = z.strictObject({
  Values: z.array(z.string().max(1024)),
  LastAccessTime: z.number().optional(),
  LastAnalyzedTime: z.number().optional(),
  StorageDescriptor: storageDescriptor.optional(),
  Parameters: parameters.optional(),
});
export type PartitionInput = z.infer<typeof partitionInput>;

const catalog = { CatalogId: z.string().optional() };
const page = { NextToken: z.string().optional(), MaxResults: z.int().min(1).max(1000).optional() };
const inDatabase = { ...catalog, DatabaseName: name };
const ofTable = { ...inDatabase, TableName: name };

/** The inputs by operation. What is not named here is refused by its name. */
export const inputs = {
  CreateDatabase: z.strictObject({ ...catalog, DatabaseInput: databaseInput, Tags: parameters.optional() }),
  GetDatabase: z.strictObject({ ...catalog, Name: name }),
  GetDatabases: z.strictObject({
    ...catalog,
    ...page,
    ResourceShareType: z.string().optional(),
    AttributesToGet: z.array(z.string()).optional(),
  }),
  UpdateDatabase: z.strictObject({ ...catalog, Name: name, DatabaseInput: databaseInput }),
  DeleteDatabase: z.strictObject({ ...catalog, Name: name }),
  CreateTable: z.strictObject({ ...inDatabase, TableInput: tableInput }),
  GetTable: z.strictObject({ ...inDatabase, Name: name, IncludeStatusDetails: z.boolean().optional() }),
  GetTables: z.strictObject({
    ...inDatabase,
    ...page,
    Expression: z.string().max(2048).optional(),
    IncludeStatusDetails: z.boolean().optional(),
    AttributesToGet: z.array(z.string()).optional(),
  }),
  UpdateTable: z.strictObject({
    ...inDatabase,
    Name: name.optional(),
    TableInput: tableInput,
    SkipArchive: z.boolean().optional(),
  }),
  DeleteTable: z.strictObject({ ...inDatabase, Name: name }),
  BatchDeleteTable: z.strictObject({ ...inDatabase, TablesToDelete: z.array(name).max(100) }),
  CreatePartition: z.strictObject({ ...ofTable, PartitionInput: partitionInput }),
  BatchCreatePartition: z.strictObject({ ...ofTable, PartitionInputList: z.array(partitionInput).max(100) }),
  UpdatePartition: z.strictObject({
    ...ofTable,
    PartitionValueList: z.array(z.string()).max(100),
    PartitionInput: partitionInput,
  }),
  GetPartition: z.strictObject({ ...ofTable, PartitionValues: z.array(z.string()) }),
  BatchGetPartition: z.strictObject({
    ...ofTable,
    PartitionsToGet: z.array(z.strictObject({ Values: z.array(z.string()) })).max(1000),
  }),
  GetPartitions: z.strictObject({
    ...ofTable,
    ...page,
    Expression: z.string().max(2048).optional(),
    ExcludeColumnSchema: z.boolean().optional(),
  }),
  DeletePartition: z.strictObject({ ...ofTable, PartitionValues: z.array(z.string()) }),
  BatchDeletePartition: z.strictObject({
    ...ofTable,
    PartitionsToDelete: z.array(z.strictObject({ Values: z.array(z.string()) })).max(25),
  }),
};
