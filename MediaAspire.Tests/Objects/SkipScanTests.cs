using System.Globalization;
using MediaAspire.Core.Buckets;
using MediaAspire.Tests.Harness;
using Npgsql;

namespace MediaAspire.Tests.Objects;

/// <summary>Tests that the cost of a listing depends on its page only, in rows that PostgreSQL fetches.</summary>
public sealed class SkipScanTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private const int Prefixes = 400;
    private const int KeysPerPrefix = 500;

    // The row after the page indicates that more follow.
    private const int Slack = 2;

    public Task InitializeAsync() => ListingRows.ClearAsync(postgres);

    public Task DisposeAsync() => ListingRows.ClearAsync(postgres);

    [Theory]
    [InlineData("list_objects($1, $2, $3, $4, $5, $6)")]
    [InlineData("list_object_versions($1, $2, $3, $4, $5, NULL, false, $6)")]
    public async Task A_listing_with_a_delimiter_fetches_a_row_for_each_common_prefix_and_not_its_keys(string function)
    {
        var bucket = await ListingRows.CreateBucketAsync(postgres);
        await using var connection = await postgres.Database.OpenConnectionAsync();

        // A connection that planned while the table was empty keeps that plan, and the table was not analyzed since.
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(0, (await ListAsync(connection, function, bucket, "", null, 1001)).Listed);
        }

        await AddManyAsync(bucket);

        var whole = await ListAsync(connection, function, bucket, "", null, 1001);
        Assert.Equal(Prefixes + 1, whole.Listed);
        Assert.InRange(whole.Fetched, Prefixes, Prefixes + 1 + Slack);

        var page = await ListAsync(connection, function, bucket, "", "00100/", 21);
        Assert.Equal(21, page.Listed);
        Assert.InRange(page.Fetched, 21, 21 + Slack);

        var inside = await ListAsync(connection, function, bucket, "00007/", null, 11);
        Assert.Equal(11, inside.Listed);
        Assert.InRange(inside.Fetched, 11, 11 + Slack);
    }

    [Theory]
    [InlineData("list_objects($1, $2, $3, $4, $5, $6)")]
    [InlineData("list_object_versions($1, $2, $3, $4, $5, NULL, false, $6)")]
    public async Task The_queries_of_a_listing_are_not_compiled_however_dear_they_look(string function)
    {
        var bucket = await ListingRows.CreateBucketAsync(postgres);
        await ListingRows.AddAsync(postgres, bucket.Id, ["a/1", "b/1", "c"]);
        await using var connection = await postgres.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var settings = new NpgsqlCommand(
            """
            LOAD 'auto_explain';
            SET LOCAL auto_explain.log_min_duration = 0;
            SET LOCAL auto_explain.log_nested_statements = on;
            SET LOCAL auto_explain.log_analyze = on;
            SET LOCAL jit = on;
            SET LOCAL jit_above_cost = 0;
            SET LOCAL client_min_messages = log
            """,
            connection,
            transaction))
        {
            await settings.ExecuteNonQueryAsync();
        }

        var plans = new List<string>();
        connection.Notice += (_, told) => plans.Add(told.Notice.MessageText);
        foreach (var delimiter in (string[])["/", ""])
        {
            await using var list = CreateList(connection, transaction, function, bucket, "", delimiter, after: null, 1001);
            Assert.Equal(3L, await list.ExecuteScalarAsync());
        }

        var ofRows = plans.Where(plan => plan.Contains("FROM objects o", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(ofRows);
        Assert.DoesNotContain(ofRows, plan => plan.Contains("JIT:", StringComparison.Ordinal));
    }

    // 200,000 keys in 400 folders, and one outside.
    private async Task AddManyAsync(Bucket bucket)
    {
        await using var command = postgres.Database.CreateCommand(
            """
            INSERT INTO objects (version_id, bucket_id, key, is_latest, is_null, owner_id, etag)
            SELECT gen_random_uuid(), $1, to_char(n / $2, 'FM00000') || '/' || to_char(n % $2, 'FM00000'), true, true, 'alice', ''
            FROM generate_series(0, $2 * $3 - 1) AS n
            UNION ALL SELECT gen_random_uuid(), $1, 'last', true, true, 'alice', ''
            """);
        command.Parameters.Add(new() { Value = bucket.Id.Value });
        command.Parameters.Add(new() { Value = KeysPerPrefix });
        command.Parameters.Add(new() { Value = Prefixes });
        Assert.Equal((Prefixes * KeysPerPrefix) + 1, await command.ExecuteNonQueryAsync());
    }

    private static async Task<(long Listed, long Fetched)> ListAsync(
        NpgsqlConnection connection, string function, Bucket bucket, string prefix, string? after, int most)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        var before = await CountFetchedAsync(connection, transaction);
        await using var list = CreateList(connection, transaction, function, bucket, prefix, "/", after, most);
        var listed = Convert.ToInt64(await list.ExecuteScalarAsync(), CultureInfo.InvariantCulture);

        return (listed, await CountFetchedAsync(connection, transaction) - before);
    }

    private static NpgsqlCommand CreateList(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string function, Bucket bucket,
        string prefix, string delimiter, string? after, int most)
    {
        var list = new NpgsqlCommand($"SELECT count(*) FROM {function}", connection, transaction);
        list.Parameters.Add(new() { Value = bucket.Id.Value });
        list.Parameters.Add(new() { Value = prefix });
        list.Parameters.Add(new() { Value = delimiter });
        list.Parameters.Add(new() { Value = (object?)after ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        list.Parameters.Add(new() { Value = after is not null });
        list.Parameters.Add(new() { Value = most });
        return list;
    }

    // Of this connection only, since its last report. It does not report within a transaction.
    private static async Task<long> CountFetchedAsync(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        await using var count = new NpgsqlCommand(
            "SELECT coalesce(sum(seq_tup_read + idx_tup_fetch), 0)::bigint FROM pg_stat_xact_user_tables WHERE relname = 'objects'",
            connection, transaction);
        return (long)(await count.ExecuteScalarAsync())!;
    }
}
