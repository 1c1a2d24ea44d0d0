using Npgsql;

namespace MediaAspire.Core.Files;

/// <summary>What has to succeed in the transaction that makes a file visible.</summary>
/// <param name="Deciding">The statement that has to change a row; when it changes none, nothing of the transaction happens.</param>
public sealed record CommitClaim(NpgsqlBatchCommand Deciding)
{
    /// <summary>Gets the statements that come before it.</summary>
    public IReadOnlyList<NpgsqlBatchCommand> Before { get; init; } = [];

    /// <summary>Gets the statements that come after it, and are run even when it changed no row: they are undone then.</summary>
    public IReadOnlyList<NpgsqlBatchCommand> After { get; init; } = [];

    internal void AddTo(NpgsqlBatch batch)
    {
        foreach (var command in (IEnumerable<NpgsqlBatchCommand>)[.. Before, Deciding, .. After])
        {
            batch.BatchCommands.Add(command);
        }
    }
}
