using Npgsql;

namespace MediaAspire.Core.Files;

/// <summary>What has to succeed in the transaction that makes a file visible.</summary>
/// <param name="Deciding">The statement that has to change a row, or to succeed; otherwise nothing of the transaction happens.</param>
public sealed record CommitClaim(NpgsqlBatchCommand Deciding)
{
    // Raised by put_object().
    internal const string Lost = "MA002";

    /// <summary>Gets whether the deciding statement fails with SQLSTATE <c>MA002</c> where it would otherwise change no row.</summary>
    /// <remarks>Nobody then has to look at its outcome before the commit, which can go to the server together with the statements.</remarks>
    public bool FailsWhenLost { get; init; }

    /// <summary>Gets the statements that come before it.</summary>
    public IReadOnlyList<NpgsqlBatchCommand> Before { get; init; } = [];

    /// <summary>Gets the statements that come after it, and are run even when it changed no row: they are undone then.</summary>
    public IReadOnlyList<NpgsqlBatchCommand> After { get; init; } = [];

    /// <summary>Tells whether a statement that has been run, and has not failed, lost the claim.</summary>
    internal bool IsLost => !FailsWhenLost && Deciding.RecordsAffected == 0;

    internal void AddTo(NpgsqlBatch batch)
    {
        foreach (var command in (IEnumerable<NpgsqlBatchCommand>)[.. Before, Deciding, .. After])
        {
            batch.BatchCommands.Add(command);
        }
    }
}
