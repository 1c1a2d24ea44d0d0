using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MediaAspire.Tests.Imaging;
using Xunit.Abstractions;

namespace MediaAspire.Tests.Graph;

/// <summary>Work that is done once, however many processes are asked for it.</summary>
[Collection(ReplicatedGraphGroup.Name)]
public sealed class ImageClusterTests(ReplicatedGraph graph, ITestOutputHelper output)
{
    private const int Requests = 1_000;
    private const long MaxResidentKibibytes = 350 * 1024;

    [Fact]
    public async Task A_thousand_first_requests_over_two_replicas_and_two_workers_make_one_variant()
    {
        await CountClaimsAsync();
        var (alias, _) = await graph.Apis[0].UploadImageAsync(NoisePicture.Make(1, 640, 480));

        var bodies = await Task.WhenAll(Enumerable.Range(0, Requests).Select(async i =>
        {
            using var response = await graph.Apis[i % 2].GetAsync($"/images/{alias}/process.webp?resize=320");
            Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
            return Convert.ToHexString(await response.Content.ReadAsByteArrayAsync());
        }));

        Assert.Single(bodies.Distinct());
        var image = $"(SELECT image_id FROM image_aliases WHERE alias = '{alias}')";
        Assert.Equal(1, await graph.CountAsync($"SELECT count(*) FROM image_variants WHERE image_id = {image}"));
        Assert.Equal(1, await graph.CountAsync($"SELECT count(*) FROM test_variant_claims WHERE image_id = {image}"));
    }

    [Fact]
    public async Task An_address_is_fetched_once_for_requests_to_two_replicas()
    {
        var url = Uri.EscapeDataString($"{graph.Origin}/once");

        var types = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            var path = i % 4 < 2 ? $"/images/proxy?url={url}" : $"/images/process.webp?proxy={url}&resize=32";
            using var response = await graph.Apis[i % 2].GetAsync(path);
            Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
            return response.Content.Headers.ContentType?.MediaType;
        }));

        Assert.Equal((100, 100), (types.Count(type => type == "image/png"), types.Count(type => type == "image/webp")));
        Assert.Single(graph.Fetched, request => request.EndsWith("/once", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_image_of_another_server_is_kept_at_once_or_in_the_background()
    {
        using var created = await graph.Apis[0].PostAsJsonAsync("/images/from-url", new { url = $"{graph.Origin}/kept" });
        var (alias, _) = await ImageClient.ReadAsync(created, HttpStatusCode.Created);
        using var details = await graph.Apis[1].GetAsync($"/images/{alias}/details");
        Assert.Equal(64, (await details.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("width").GetInt32());

        using var accepted = await graph.Apis[0].PostAsJsonAsync("/images/from-url?backgrounded", new { url = $"{graph.Origin}/later" });
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        using var claimed = await graph.Apis[1].GetAsync(accepted.Headers.Location);
        await ImageClient.ReadAsync(claimed, HttpStatusCode.OK);

        Assert.Equal((422, "origin-status"), await ImageClient.OutcomeAsync(
            await graph.Apis[0].PostAsJsonAsync("/images/from-url", new { url = $"{graph.Origin}/missing" })));
        Assert.Equal((422, "origin-status"), await ImageClient.OutcomeAsync(
            await graph.Apis[0].GetAsync($"/images/proxy?url={Uri.EscapeDataString(graph.Origin + "/missing")}")));
    }

    /// <summary>Hostile files through the whole platform. <c>MEDIAASPIRE_HOSTILE_FILES</c> is their number, 32 by default.</summary>
    [Fact]
    public async Task Hostile_files_are_refused_in_time_and_no_process_grows()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("MEDIAASPIRE_HOSTILE_FILES") ?? "32", CultureInfo.InvariantCulture);
        var files = new HostileFiles(seed: 20_261_201);
        var hostile = Enumerable.Range(0, count).Select(files.Make).ToList();

        await Parallel.ForEachAsync(hostile, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (file, _) =>
        {
            var (status, code) = await ImageClient.OutcomeAsync(await graph.Apis[count % 2].PostImageAsync(file.Bytes));
            Assert.True(status is 201 or 400 or 413 or 422, $"{file.Kind}: {status} {code}");
        });

        foreach (var resource in new[] { "api", "worker" })
        {
            foreach (var process in await graph.ProcessesOfAsync(resource))
            {
                var most = await PeakOfAsync(process);
                output.WriteLine($"{resource} {process}: at most {most / 1024} MiB resident, {count} files");
                Assert.InRange(most, 1, MaxResidentKibibytes);
            }
        }
    }

    // "VmHWM:	  183528 kB": the most that was resident since the start of the process.
    private static async Task<long> PeakOfAsync(int process)
    {
        var lines = await File.ReadAllLinesAsync($"/proc/{process}/status");
        var line = lines.Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(':', 'k')[1], CultureInfo.InvariantCulture);
    }

    // Each claim of a worker is an attempt at making the variant.
    private async Task CountClaimsAsync()
    {
        await using var command = graph.Database.CreateCommand(
            """
            CREATE TABLE test_variant_claims (image_id uuid);
            CREATE FUNCTION test_count_claim() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
            BEGIN INSERT INTO public.test_variant_claims VALUES (NEW.image_id); RETURN NEW; END $$;
            CREATE TRIGGER test_count_claim AFTER UPDATE OF attempts ON image_variant_work
                FOR EACH ROW EXECUTE FUNCTION test_count_claim();
            """);
        await command.ExecuteNonQueryAsync();
    }
}
