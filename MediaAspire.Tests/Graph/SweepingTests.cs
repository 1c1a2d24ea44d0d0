using System.Net.Http.Json;
using System.Text.Json;
using MediaAspire.Core.Duties;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Graph;

[Collection(GraphGroup.Name)]
public sealed class SweepingTests(GraphFixture graph)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_deleted_files_bytes_leave_the_nodes_disks_once_the_graces_are_over()
    {
        var file = await graph.Api.PutFileAsync(TestBytes.Make(31, 300_000));
        var chunks = await ChunksOfAsync(file.FileId);
        Assert.NotEmpty(chunks);
        Assert.All(chunks, chunk => Assert.Equal(2, graph.CountChunkFiles(chunk)));

        using (var response = await graph.Api.DeleteAsync($"/files/{file.FileId}"))
        {
            response.EnsureSuccessStatusCode();
        }

        await WakeAsync(
            DutyNames.DeletedFiles, $"UPDATE files SET deleted_at = now() - interval '2 hours' WHERE file_id = '{file.FileId}'");
        var copies = $"SELECT count(*) FROM chunk_replicas JOIN chunks USING (chunk_id) WHERE file_id = '{file.FileId}'";
        await graph.WaitForAsync($"{copies} AND status <> 'deleting'", 0, s_limit);
        Assert.All(chunks, chunk => Assert.Equal(2, graph.CountChunkFiles(chunk)));

        await WakeAsync(
            DutyNames.Removal,
            $"""
            UPDATE chunk_replicas SET status_since = now() - interval '2 hours'
            WHERE chunk_id IN (SELECT chunk_id FROM chunks WHERE file_id = '{file.FileId}')
            """);
        await graph.WaitForAsync($"SELECT count(*) FROM files WHERE file_id = '{file.FileId}'", 0, s_limit);

        Assert.All(chunks, chunk => Assert.Equal(0, graph.CountChunkFiles(chunk)));
    }

    [Fact]
    public async Task A_check_on_demand_walks_over_every_chunk_and_compares_every_disk()
    {
        await graph.Api.PutFileAsync(TestBytes.Make(32, 300_000));
        using var response = await graph.Admin.PostAsync("/admin/integrity/check", content: null);
        response.EnsureSuccessStatusCode();
        var requestedAt = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("requestedAt").GetDateTimeOffset();

        using var limit = new CancellationTokenSource(s_limit);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        JsonElement report;
        while (!IsAnswered(report = await graph.Admin.GetFromJsonAsync<JsonElement>("/admin/integrity", limit.Token), requestedAt))
        {
            await poll.WaitForNextTickAsync(limit.Token);
        }

        Assert.Equal(0, report.GetProperty("counts").GetProperty("lost").GetInt64());
        Assert.True(report.GetProperty("walk").GetProperty("lastSeen").GetInt64() > 0);
        Assert.Equal(GraphFixture.Nodes, report.GetProperty("disks").GetArrayLength());
    }

    private static bool IsAnswered(JsonElement report, DateTimeOffset requestedAt) =>
        IsLater(report.GetProperty("walk"), requestedAt)
        && report.GetProperty("disks").EnumerateArray().All(disk => IsLater(disk, requestedAt));

    private static bool IsLater(JsonElement part, DateTimeOffset requestedAt) =>
        part.GetProperty("lastStartedAt") is { ValueKind: JsonValueKind.String } startedAt && startedAt.GetDateTimeOffset() >= requestedAt;

    private async Task<List<string>> ChunksOfAsync(Guid file)
    {
        await using var command = graph.Database.CreateCommand("SELECT chunk_id::text FROM chunks WHERE file_id = $1");
        command.Parameters.Add(new() { Value = file });
        await using var reader = await command.ExecuteReaderAsync();
        var chunks = new List<string>();
        while (await reader.ReadAsync())
        {
            chunks.Add(reader.GetString(0));
        }

        return chunks;
    }

    /// <summary>Changes rows and wakes a duty, in one transaction.</summary>
    private async Task WakeAsync(string duty, string change)
    {
        await using var batch = graph.Database.CreateBatch();
        batch.BatchCommands.Add(new(change));
        batch.BatchCommands.Add(DutySignals.Wake(duty));
        await batch.ExecuteNonQueryAsync();
    }
}
