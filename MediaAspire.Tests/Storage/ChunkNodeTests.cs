namespace MediaAspire.Tests.Storage;

/// <summary>The contract over transfer connections.</summary>
public sealed class TransferChunkNodeTests() : ChunkNodeContract(directTransfers: true);

/// <summary>The contract over gRPC alone.</summary>
public sealed class GrpcChunkNodeTests() : ChunkNodeContract(directTransfers: false);
