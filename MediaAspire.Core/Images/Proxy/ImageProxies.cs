using MediaAspire.Core.Cluster;
using MediaAspire.Core.Database;
using MediaAspire.Core.Fetching;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Images.Proxy;

/// <summary>The proxied addresses and what is known of them. Thread-safe.</summary>
public sealed class ImageProxies(NpgsqlDataSource database, IOptions<ProxyOptions> options)
{
    private const int LongestMessage = 500;

    /// <summary>Finds what is known of an address.</summary>
    public async Task<ProxyEntry> FindAsync(ProxiedUrl url, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT p.alias, p.fresh_until - now(), p.etag, p.last_modified, f.kind, f.code, f.message
            FROM (VALUES ($1::bytea)) AS k (hash)
            LEFT JOIN image_proxies p ON p.url_sha256 = k.hash
            LEFT JOIN image_proxy_failures f ON f.url_sha256 = k.hash AND f.expires_at > now()
            """);
        command.Parameters.Add(new() { Value = url.Sha256 });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new(
            reader.IsDBNull(0)
                ? null
                : new(
                    new ImageAlias(reader.GetString(0)),
                    reader.GetTimeSpan(1),
                    reader.IsDBNull(2) ? null : reader.GetString(2),
                    reader.IsDBNull(3) ? null : reader.GetString(3)),
            reader.IsDBNull(4)
                ? null
                : new(Enum.Parse<FetchFailureKind>(reader.GetString(4)), reader.GetString(5), reader.GetString(6)));
    }

    /// <summary>Locks the fetches of an address for one process, until the result is disposed.</summary>
    /// <returns><see langword="null"/> when another process fetches it.</returns>
    public async Task<IAsyncDisposable?> TryLockAsync(ProxiedUrl url, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock($1)", connection);
            command.Parameters.Add(new() { Value = url.LockKey });
            if (await command.ExecuteScalarAsync(cancellationToken) is true)
            {
                return new ProxyLock(connection, url.LockKey);
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    /// <summary>Records the content of an address, in the place of what it had, and signals it.</summary>
    /// <param name="url">The address.</param>
    /// <param name="alias">The alias of the content.</param>
    /// <param name="result">What the origin said of it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task StoreAsync(ProxiedUrl url, ImageAlias alias, FetchResult result, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();

        // With the alias goes its row of proxies, by the foreign key.
        batch.BatchCommands.Add(new(
            "SELECT delete_image_aliases(ARRAY(SELECT p.alias FROM image_proxies p WHERE p.url_sha256 = $1 AND p.alias <> $2))")
        {
            Parameters = { new() { Value = url.Sha256 }, new() { Value = alias.Value } },
        });
        batch.BatchCommands.Add(new(
            """
            INSERT INTO image_proxies (url_sha256, url, alias, etag, last_modified, fresh_until) VALUES ($1, $2, $3, $4, $5, now() + $6)
            ON CONFLICT (url_sha256) DO UPDATE
            SET alias = excluded.alias, etag = excluded.etag, last_modified = excluded.last_modified,
                fresh_until = excluded.fresh_until, fetched_at = now()
            """)
        {
            Parameters =
            {
                new() { Value = url.Sha256 },
                new() { Value = url.Url.AbsoluteUri },
                new() { Value = alias.Value },
                NullableParameter.Text(result.ETag),
                NullableParameter.Text(result.LastModified),
                new() { Value = options.Value.Bound(result.Freshness) },
            },
        });
        batch.BatchCommands.Add(Forget(url));
        batch.BatchCommands.Add(WorkSignals.Notify(url.Key));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Records that the content of an address did not change, and signals it.</summary>
    /// <returns><see langword="false"/> when the content is gone meanwhile.</returns>
    public async Task<bool> RefreshAsync(ProxiedUrl url, FetchResult result, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new(
            """
            UPDATE image_proxies
            SET fresh_until = now() + $2, fetched_at = now(), etag = coalesce($3, etag), last_modified = coalesce($4, last_modified)
            WHERE url_sha256 = $1 RETURNING true
            """)
        {
            Parameters =
            {
                new() { Value = url.Sha256 },
                new() { Value = options.Value.Bound(result.Freshness) },
                NullableParameter.Text(result.ETag),
                NullableParameter.Text(result.LastModified),
            },
        });
        batch.BatchCommands.Add(Forget(url));
        batch.BatchCommands.Add(WorkSignals.Notify(url.Key));
        return await batch.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>Records that a fetch failed, and signals it. The failure is the answer for a while.</summary>
    public async Task FailAsync(ProxiedUrl url, FetchFailure failure, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new(
            """
            INSERT INTO image_proxy_failures (url_sha256, kind, code, message, expires_at) VALUES ($1, $2, $3, $4, now() + $5)
            ON CONFLICT (url_sha256) DO UPDATE
            SET kind = excluded.kind, code = excluded.code, message = excluded.message, expires_at = excluded.expires_at
            """)
        {
            Parameters =
            {
                new() { Value = url.Sha256 },
                new() { Value = failure.Kind.ToString() },
                new() { Value = failure.Code },
                new() { Value = failure.Message.Length <= LongestMessage ? failure.Message : failure.Message[..LongestMessage] },
                new() { Value = options.Value.FailedFor },
            },
        });
        batch.BatchCommands.Add(WorkSignals.Notify(url.Key));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Removes cached images that nobody has read for the time of the settings, and failures that have expired.</summary>
    /// <param name="limit">The most images.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The number of images.</returns>
    public async Task<long> SweepAsync(int limit, CancellationToken cancellationToken)
    {
        // One statement removes the alias and, by the foreign key, the row of its address: neither is ever there without the other.
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new("DELETE FROM image_proxy_failures WHERE expires_at <= now()"));
        batch.BatchCommands.Add(new(
            $"""
            SELECT delete_image_aliases(ARRAY(
                SELECT a.alias FROM image_aliases a WHERE a.accessed_at < now() - $1 AND {DatabaseRestores.NoneOpen}
                ORDER BY a.accessed_at LIMIT $2))
            """)
        {
            Parameters =
            {
                new() { Value = options.Value.Retention, NpgsqlDbType = NpgsqlDbType.Interval },
                new() { Value = limit },
            },
        });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.GetInt32(0);
    }

    private static NpgsqlBatchCommand Forget(ProxiedUrl url) =>
        new("DELETE FROM image_proxy_failures WHERE url_sha256 = $1") { Parameters = { new() { Value = url.Sha256 } } };

    /// <summary>A lock that the session of a connection holds, and that goes with it.</summary>
    private sealed class ProxyLock(NpgsqlConnection connection, long key) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await using (connection)
            {
                await using var command = new NpgsqlCommand("SELECT pg_advisory_unlock($1)", connection);
                command.Parameters.Add(new() { Value = key });
                try
                {
                    await command.ExecuteNonQueryAsync(CancellationToken.None);
                }
                catch (NpgsqlException) when (connection.FullState.HasFlag(System.Data.ConnectionState.Broken)
                    || connection.State == System.Data.ConnectionState.Closed)
                {
                    // The session has ended, and its locks with it.
                }
            }
        }
    }
}
