using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Console;

/// <summary>The approved screenshots, which are files of this project.</summary>
internal static class Screenshots
{
    // Of the pixels. Other versions of the browser and of fonts draw edges differently; a moved or missing part is more.
    private const double Tolerance = 0.01;

    /// <summary>Compares a screenshot with the approved one, or approves it when the environment variable of snapshots is set.</summary>
    public static async Task AssertMatchesAsync(ConsoleBrowser browser, string name, byte[] actual)
    {
        var file = Path.Combine(Snapshot.Repository, "MediaAspire.Tests", "Console", "Screenshots", $"{name}.png");
        if (Snapshot.IsUpdating)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, actual);
            return;
        }

        Assert.True(
            File.Exists(file), $"{name}.png is not approved. Run the test once with {Snapshot.Update}=1, look at it, and commit it.");
        await using var approved = File.OpenRead(file);
        using var bytes = new MemoryStream();
        await approved.CopyToAsync(bytes);
        var difference = await browser.CompareAsync(bytes.ToArray(), actual);
        if (difference > Tolerance)
        {
            var kept = Path.Combine(Snapshot.Repository, "TestResults", "screenshots");
            Directory.CreateDirectory(kept);
            await File.WriteAllBytesAsync(Path.Combine(kept, $"{name}.png"), actual);
            Assert.Fail(
                $"{difference:P1} of {name} differ from the approved screenshot. The new one is in {kept}. If the change is intended, run "
                + $"the test once with {Snapshot.Update}=1 and commit the file.");
        }
    }
}
