using Npgsql;

namespace MediaAspire.Core.Files;

/// <summary>A file whose rows stand in a transaction that is not committed. Disposing it before it is leaves none of them.</summary>
internal sealed class PendingFile(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
{
    /// <summary>Gets whether it may be committed, and when the file was complete.</summary>
    public Completion Completion { get; internal set; }

    internal NpgsqlTransaction Transaction => transaction;

    /// <summary>Makes the file visible. When this fails, nobody can say whether it is.</summary>
    public Task CommitAsync(CancellationToken cancellationToken) => transaction.CommitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
