using MediaAspire.Tests.Harness;
using Xunit.Sdk;

namespace MediaAspire.Tests.Clients;

public sealed class ClientProcessTests
{
    // Like an aws cli of another release, installed by pip, on the PATH of a developer's machine.
    [Fact]
    public void PathOf_ProgramThatIsOnlyInThePath_IsMissing()
    {
        const string Program = "mediaaspire-client-of-the-machine";
        using var folder = new TemporaryDirectory();
        File.WriteAllText(Path.Combine(folder.Path, Program), "");
        var path = Environment.GetEnvironmentVariable("PATH");
        Environment.SetEnvironmentVariable("PATH", folder.Path + Path.PathSeparator + path);
        try
        {
            var missing = Assert.ThrowsAny<XunitException>(() => ClientProcess.PathOf(Program, "a-package"));

            Assert.Contains("a-package", missing.Message, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
        }
    }
}
