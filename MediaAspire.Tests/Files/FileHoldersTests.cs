using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Tests.Harness;
using Npgsql;

namespace MediaAspire.Tests.Files;

public sealed class FileHoldersTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    public Task InitializeAsync() => postgres.ClearAsync("files");

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Hold_AddsAHolderForEachTimeThatAFileIsListed()
    {
        var (once, twice) = (await AddAsync(holders: 1), await AddAsync(holders: 3));

        Assert.Equal(true, await RunAsync(FileHolders.Hold([twice, once, twice])));
        Assert.Equal("completed 2", await StateAsync(once));
        Assert.Equal("completed 5", await StateAsync(twice));
    }

    [Theory]
    [InlineData("completed", null)]
    [InlineData("deleted", 0)]
    [InlineData("failed", 1)]
    public async Task Hold_FileThatCannotBeHeld_SaysSoAndLeavesIt(string status, int? holders)
    {
        var (held, other) = (await AddAsync(holders: 1), await AddAsync(holders, status));

        Assert.Equal(false, await RunAsync(FileHolders.Hold([held, other])));
        Assert.Equal(false, await RunAsync(FileHolders.Hold([held, FileId.New(TimeProvider.System)])));
        Assert.Equal($"{status} {holders?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "-"}", await StateAsync(other));
    }

    [Fact]
    public async Task Release_LastHolder_DeletesTheFile()
    {
        var (kept, deleted) = (await AddAsync(holders: 3), await AddAsync(holders: 2));

        await RunAsync(FileHolders.Release(
            "SELECT unnest($1::uuid[])", new NpgsqlParameter { Value = new[] { kept.Value, deleted.Value, kept.Value, deleted.Value } }));

        Assert.Equal("completed 1", await StateAsync(kept));
        Assert.Equal("deleted 0", await StateAsync(deleted));
    }

    [Fact]
    public async Task Delete_FileWithHolders_LeavesIt()
    {
        var (held, alone) = (await AddAsync(holders: 1), await AddAsync(holders: null));

        NpgsqlBatchCommand DeleteBoth() =>
            new("SELECT delete_files($1)") { Parameters = { new() { Value = new[] { held.Value, alone.Value } } } };

        Assert.Equal(1, await RunAsync(DeleteBoth()));
        Assert.Equal(0, await RunAsync(DeleteBoth()));
        Assert.Equal("completed 1", await StateAsync(held));
        Assert.Equal("deleted -", await StateAsync(alone));
    }

    private async Task<FileId> AddAsync(int? holders, string status = "completed")
    {
        var file = FileId.New(TimeProvider.System);
        await using var command = postgres.Database.CreateCommand(
            """
            INSERT INTO files (file_id, filename, content_type, total_size, upload_status, copies, holders, completed_at, deleted_at)
            VALUES ($1, '', '', 0, $2, 1, $3, now(), CASE WHEN $2 = 'deleted' THEN now() END)
            """);
        command.Parameters.Add(new() { Value = file.Value });
        command.Parameters.Add(new() { Value = status });
        command.Parameters.Add(new() { Value = (object?)holders ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Integer });
        await command.ExecuteNonQueryAsync();
        return file;
    }

    private Task<string?> StateAsync(FileId file) => postgres.ScalarAsync<string>(
        "SELECT concat(upload_status, ' ', coalesce(holders::text, '-')) FROM files WHERE file_id = $1", file.Value);

    private async Task<object?> RunAsync(NpgsqlBatchCommand command)
    {
        await using var batch = postgres.Database.CreateBatch();
        batch.BatchCommands.Add(command);
        return await batch.ExecuteScalarAsync();
    }
}
