using System.Diagnostics;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Graph;

/// <summary>Tests that a running graph keeps its secrets in private files, and out of arguments and output.</summary>
public sealed class AppHostSecretsTests
{
    private static readonly TimeSpan s_start = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_stop = TimeSpan.FromSeconds(60);

    // The password files of the engines are beside their directories, which may be elsewhere when this runs as root.
    private static readonly string[] s_secrets =
        ["security/admin-key", "security/cluster-token", "s3/secrets-key", "s3/root-secret-key", "postgres.password", "redis.password"];

    [Fact]
    public async Task With_no_secrets_the_files_are_printed_and_no_secret_is_in_output_or_arguments()
    {
        var data = DataDirectories.Create("mediaaspire-secrets-");
        try
        {
            using var appHost = await AppHostProcess.StartAsync(data.FullName, "--no-secrets");
            var lines = await appHost.WaitUntilHealthyAsync(s_start);

            Assert.Equal(Path.Combine(data.FullName, "security", "admin-key"), lines["api-key-file"]);
            Assert.Equal(Path.Combine(data.FullName, "s3", "root-secret-key"), lines["s3-secret-key-file"]);
            Assert.DoesNotContain("api-key", lines.Keys);
            Assert.DoesNotContain("s3-secret-key", lines.Keys);
            Assert.DoesNotContain("?t=", appHost.Output, StringComparison.Ordinal);

            var commands = CommandsOfThisMachine();
            foreach (var name in new[] { "MediaAspire.Api", "MediaAspire.Worker", "MediaAspire.Storage", "postgres", "redis-server" })
            {
                Assert.Contains(commands, command => command.Contains(name, StringComparison.Ordinal));
            }

            foreach (var secret in s_secrets.Select(file => File.ReadAllText(Path.Combine(data.FullName, file))))
            {
                Assert.DoesNotContain(commands, command => command.Contains(secret, StringComparison.Ordinal));
                Assert.DoesNotContain(secret, appHost.Output, StringComparison.Ordinal);
            }

            foreach (var file in s_secrets.Select(file => Path.Combine(data.FullName, file)).Append(lines["curl-config"]))
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(file).UnixFileMode);
            }

            // As the README says; and nothing without the key, nor for operators on the public address.
            Assert.Equal("200", await CurlAsync("-K", lines["curl-config"], $"{lines["admin"]}/admin/nodes"));
            Assert.Equal("404", await CurlAsync("-K", lines["curl-config"], $"{lines["api"]}/admin/nodes"));
            Assert.Equal("404", await CurlAsync("-K", lines["curl-config"], $"{lines["api"]}/metrics"));

            appHost.Signal("INT");
            Assert.Equal(0, await appHost.WaitForExitAsync(s_stop));
            await appHost.AssertNothingIsLeftAsync(s_stop);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    /// <summary>Reads the arguments of every process, as every user can. The engines run under accounts of their own.</summary>
    private static List<string> CommandsOfThisMachine()
    {
        var commands = new List<string>();
        foreach (var directory in Directory.EnumerateDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), out _)))
        {
            try
            {
                commands.Add(File.ReadAllText(Path.Combine(directory, "cmdline")));
            }
            catch (IOException)
            {
                // The process has just ended.
            }
        }

        return commands;
    }

    /// <summary>Runs curl as a user does.</summary>
    /// <returns>The status.</returns>
    private static async Task<string> CurlAsync(params string[] arguments)
    {
        using var curl = Process.Start(
            new ProcessStartInfo("curl", ["-s", "-o", "/dev/null", "-w", "%{http_code}", .. arguments]) { RedirectStandardOutput = true })!;
        var status = await curl.StandardOutput.ReadToEndAsync();
        await curl.WaitForExitAsync();
        return status;
    }
}
