using System.Diagnostics;
using System.Globalization;
using MediaAspire.Core.Imaging;
using MediaAspire.Worker.Imaging;
using Xunit.Abstractions;

namespace MediaAspire.Tests.Imaging;

/// <summary>Hostile files, read and transformed. <c>MEDIAASPIRE_HOSTILE_FILES</c> is their number, 16 by default: one of each.</summary>
public sealed class HostileFileTests(ImagingFixture imaging, ITestOutputHelper output) : IClassFixture<ImagingFixture>
{
    private static readonly TimeSpan s_inTime = new ImagingOptions().Timeout + TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Hostile_files_end_in_time_and_the_parent_stays_small()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("MEDIAASPIRE_HOSTILE_FILES") ?? "16", CultureInfo.InvariantCulture);
        var files = new HostileFiles(seed: 20_261_130);
        var variant = new ImageRequest([new ImageStep.Resize(64), new ImageStep.Rotate(90)], ImageFormat.Webp);
        var limits = new ImageLimits();
        Dictionary<string, int> outcomes = [];
        using var self = Process.GetCurrentProcess();
        var before = self.WorkingSet64;
        var longest = TimeSpan.Zero;

        for (var i = 0; i < count; i++)
        {
            var (kind, bytes) = files.Make(i);
            var source = imaging.NewFile(".jpg");
            await File.WriteAllBytesAsync(source, bytes);
            var started = Stopwatch.GetTimestamp();

            var probed = await imaging.Processor.ProbeAsync(source, limits, CancellationToken.None);
            var made = await imaging.Processor.TransformAsync(source, imaging.NewFile(".webp"), variant, limits, CancellationToken.None);

            var elapsed = Stopwatch.GetElapsedTime(started);
            longest = elapsed > longest ? elapsed : longest;
            Assert.True(elapsed < 2 * s_inTime, $"File {i} ({kind}) took {elapsed}.");
            foreach (var outcome in new[] { probed, made })
            {
                Assert.True(outcome.Failure is null != outcome.Value is null, $"File {i} ({kind})");
                if (outcome.Value is { } details)
                {
                    Assert.Null(limits.FailureOf(details.Format, details.Width, details.Height, details.Frames));
                }

                var name = $"{kind}: {outcome.Failure?.Code ?? "accepted"}";
                outcomes[name] = outcomes.GetValueOrDefault(name) + 1;
                Assert.DoesNotContain("/", outcome.Failure?.Message ?? "", StringComparison.Ordinal);
            }

            File.Delete(source);
        }

        self.Refresh();
        foreach (var (name, number) in outcomes.OrderBy(outcome => outcome.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"{number,5} {name}");
        }

        output.WriteLine($"longest {longest}, resident {before >> 20} -> {self.WorkingSet64 >> 20} MiB");
        Assert.InRange(self.WorkingSet64 - before, long.MinValue, 350L << 20);

        // The processor works as before.
        var good = imaging.NewFile(".png");
        TestPictures.Write(TestPictures.Scene(40, 30), good, ImageFormat.Png);
        Assert.Equal(40, (await imaging.ProbeAsync(good)).Width);
    }
}
