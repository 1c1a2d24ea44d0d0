using MediaAspire.Core.Ids;
using Npgsql;

namespace MediaAspire.Core.Copies;

/// <summary>One copy to make.</summary>
/// <param name="Chunk">The chunk.</param>
/// <param name="Target">The server that gets the copy.</param>
/// <param name="BytesPerSecond">Most bytes a second; 0 for no limit.</param>
public sealed record CopyOrder(ChunkId Chunk, ServerId Target, long BytesPerSecond)
{
    /// <summary>The server whose copy is to be removed, in the transaction that makes the new one readable; null for none.</summary>
    public ServerId? Replaces { get; init; }

    /// <summary>More commands of that transaction.</summary>
    public IReadOnlyList<NpgsqlBatchCommand> Alongside { get; init; } = [];
}

/// <param name="Outcome">The outcome.</param>
/// <param name="Bytes">
/// Bytes copied; 0 unless <see cref="CopyOutcome.Stored"/>, <see cref="CopyOutcome.Gone"/> or <see cref="CopyOutcome.Lost"/>.
/// </param>
/// <param name="Reason">The failure, for people.</param>
public sealed record CopyResult(CopyOutcome Outcome, long Bytes = 0, string? Reason = null);
