using MediaAspire.Core.Caching;
using MediaAspire.Core.Ids;
using Npgsql;

namespace MediaAspire.Core.Quotas;

/// <summary>Refuses writes that cannot fit into a quota before their bytes are sent. The transaction of the write decides.</summary>
/// <remarks>
/// Thread-safe. That an owner has no quota is cached; a quota that is set is judged by the transactions from its first moment all the same.
/// </remarks>
public sealed class QuotaGate(NpgsqlDataSource database, TimeProvider time)
{
    private const int Capacity = 10_000;
    private static readonly TimeSpan s_lifetime = TimeSpan.FromSeconds(10);

    private readonly ExpiringCache<OwnerId, bool> _unlimited = new(Capacity, s_lifetime, time);

    /// <summary>Judges what an owner is about to add.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="bytes">The least bytes that are added.</param>
    /// <param name="objects">The number of files that are added; 0 where one may be replaced.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The most bytes that may be added now; <see langword="null"/> when the owner does not exist.</returns>
    /// <exception cref="QuotaExceededException">The addition does not fit.</exception>
    public async Task<long?> RequireAsync(OwnerId owner, long bytes, int objects, CancellationToken cancellationToken)
    {
        if (_unlimited.TryGet(owner, out _))
        {
            return long.MaxValue;
        }

        var since = time.GetTimestamp();
        await using var command = database.CreateCommand(
            """
            SELECT o.is_limited, CASE WHEN o.is_limited THEN foresee_charge(NULL, o.owner_id, $2, $3) END
            FROM owners o WHERE o.owner_id = $1
            """);
        command.Parameters.Add(new() { Value = owner.Value });
        command.Parameters.Add(new() { Value = bytes });
        command.Parameters.Add(new() { Value = (long)objects });
        return await RunAsync(command, Read, cancellationToken);

        async Task<long?> Read(NpgsqlDataReader reader)
        {
            if (!await reader.ReadAsync(cancellationToken))
            {
                return null;
            }

            if (!reader.GetBoolean(0))
            {
                _unlimited.Set(owner, true, since);
            }

            return reader.IsDBNull(1) ? long.MaxValue : reader.GetInt64(1);
        }
    }

    /// <summary>Judges a version of a key that is about to be put.</summary>
    /// <exception cref="QuotaExceededException">The version does not fit.</exception>
    public async Task RequireAsync(BucketId bucket, string key, long bytes, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT foresee_version($1, $2, $3)");
        command.Parameters.Add(new() { Value = bucket.Value });
        command.Parameters.Add(new() { Value = key });
        command.Parameters.Add(new() { Value = bytes });
        await RunAsync(command, _ => Task.FromResult<long?>(null), cancellationToken);
    }

    /// <summary>Judges a part that is about to be put.</summary>
    /// <exception cref="QuotaExceededException">The part does not fit.</exception>
    public async Task RequireAsync(UploadId upload, int part, long bytes, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT foresee_part($1, $2, $3)");
        command.Parameters.Add(new() { Value = upload.Value });
        command.Parameters.Add(new() { Value = part });
        command.Parameters.Add(new() { Value = bytes });
        await RunAsync(command, _ => Task.FromResult<long?>(null), cancellationToken);
    }

    private static async Task<long?> RunAsync(
        NpgsqlCommand command, Func<NpgsqlDataReader, Task<long?>> read, CancellationToken cancellationToken)
    {
        try
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            return await read(reader);
        }
        catch (PostgresException failure) when (QuotaRefusal.From(failure) is { } refusal)
        {
            throw new QuotaExceededException(refusal, failure);
        }
    }
}
