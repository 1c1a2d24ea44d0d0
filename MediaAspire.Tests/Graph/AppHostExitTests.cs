using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Graph;

/// <summary>Tests that the AppHost leaves no processes, and its data whole, after any kind of end.</summary>
public sealed class AppHostExitTests
{
    private static readonly TimeSpan s_start = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_stop = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task However_the_AppHost_ends_nothing_is_left_and_files_are_kept()
    {
        var data = DataDirectories.Create("mediaaspire-exit-");
        try
        {
            var bytes = TestBytes.Make(5, 1_000_000);
            Guid file;

            using (var first = await AppHostProcess.StartAsync(data.FullName))
            {
                using var api = ClientOf(await first.WaitUntilHealthyAsync(s_start));
                file = (await api.PutFileAsync(bytes)).FileId;

                using (var second = await AppHostProcess.StartAsync(data.FullName))
                {
                    Assert.NotEqual(0, await second.WaitForExitAsync(s_start));
                    await second.AssertNothingIsLeftAsync(s_stop);
                }

                first.Signal("KILL");
                await first.AssertNothingIsLeftAsync(s_stop);
            }

            using var again = await AppHostProcess.StartAsync(data.FullName);
            using var restarted = ClientOf(await again.WaitUntilHealthyAsync(s_start));
            Assert.Equal(bytes, await restarted.GetByteArrayAsync($"/files/{file}"));

            again.Signal("INT");
            Assert.Equal(0, await again.WaitForExitAsync(s_stop));
            await again.AssertNothingIsLeftAsync(s_stop);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static HttpClient ClientOf(IReadOnlyDictionary<string, string> lines) => new()
    {
        BaseAddress = new Uri(lines["api"]),
        DefaultRequestHeaders = { { TestApiKey.Header, lines["api-key"] } },
    };
}
