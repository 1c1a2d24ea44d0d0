using Npgsql;

namespace MediaAspire.Core.Files;

/// <summary>A condition that has to be met in the transaction that makes a file visible; otherwise the file stays invisible.</summary>
/// <remarks>
/// Its statement fails with SQLSTATE <c>MA002</c> when the condition is not met. So no result has to be read before the commit, which goes
/// to the server together with the statements.
/// </remarks>
/// <param name="statement">The statement, run after those of the file.</param>
internal sealed class CommitCondition(NpgsqlBatchCommand statement)
{
    private const string Unmet = "MA002";

    /// <summary>Gets the statement, run after those of the file.</summary>
    public NpgsqlBatchCommand Statement => statement;

    /// <summary>Gets the reason why the condition was not met; <see langword="null"/> while it was not judged.</summary>
    public string? Reason { get; private set; }

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
