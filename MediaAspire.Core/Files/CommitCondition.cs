using Npgsql;

namespace MediaAspire.Core.Files;

/// <summary>A condition that has to be met in the transaction that makes a file visible; otherwise the file stays invisible.</summary>
/// <remarks>
/// One of its statements fails with SQLSTATE <c>MA002</c> when the condition is not met. So no result has to be read before the commit,
/// which goes to the server together with the statements.
/// </remarks>
/// <param name="statements">The statements, run after those of the file.</param>
internal sealed class CommitCondition(params IReadOnlyList<NpgsqlBatchCommand> statements)
{
    private const string Unmet = "MA002";

    /// <summary>Gets the reason why the condition was not met; <see langword="null"/> while it was not judged.</summary>
    public string? Reason { get; private set; }

    /// <summary>Adds the statements to a batch.</summary>
    public void AddTo(NpgsqlBatch batch)
    {
        foreach (var statement in statements)
        {
            batch.BatchCommands.Add(statement);
        }
    }

    /// <summary>Tells whether a failure says that the condition is not met, and keeps its reason.</summary>
    public bool IsUnmetBy(PostgresException failure)
    {
        if (failure.SqlState != Unmet)
        {
            return false;
        }

        Reason = failure.ConstraintName;
        return true;
    }
}
