using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Aspire.StackExchange.Redis;

/// <summary>The connection string that the options of this name start from.</summary>
internal sealed record RedisConnectionString(string OptionsName, string? Value);

/// <summary>
/// Starts <see cref="ConfigurationOptions"/> from a parsed connection string, which an ordinary configure delegate cannot do: parsing
/// makes a new object.
/// </summary>
internal sealed class RedisOptionsFactory(
    IEnumerable<RedisConnectionString> connectionStrings,
    IEnumerable<IConfigureOptions<ConfigurationOptions>> setups,
    IEnumerable<IPostConfigureOptions<ConfigurationOptions>> postConfigures,
    IEnumerable<IValidateOptions<ConfigurationOptions>> validations)
    : OptionsFactory<ConfigurationOptions>(setups, postConfigures, validations)
{
    private const string AbortConnectKey = "abortConnect=";

    /// <exception cref="InvalidOperationException">No end point is given; the message names the configuration keys.</exception>
    public static ConfigurationOptions Resolve(
        IServiceProvider provider, string optionsName, string connectionName, string configurationSection)
    {
        var options = provider.GetRequiredService<IOptionsMonitor<ConfigurationOptions>>().Get(optionsName);
        if (options.EndPoints.Count == 0)
        {
            throw new InvalidOperationException(
                $"No endpoints specified. Ensure a valid connection string was provided in 'ConnectionStrings:{connectionName}' " +
                $"or for the '{configurationSection}:ConnectionString' configuration key.");
        }

        return options;
    }

    protected override ConfigurationOptions CreateInstance(string name)
    {
        var connectionString = connectionStrings.LastOrDefault(candidate => candidate.OptionsName == name)?.Value;
        var options = string.IsNullOrWhiteSpace(connectionString)
            ? new ConfigurationOptions()
            : ConfigurationOptions.Parse(connectionString);

        // A server that is still starting must not fail the whole application: unless told otherwise, connecting is retried for ever.
        if (!SetsAbortConnect(connectionString))
        {
            options.AbortOnConnectFail = false;
        }

        return options;
    }

    private static bool SetsAbortConnect(string? connectionString) =>
        connectionString is not null
        && connectionString.Split(',', StringSplitOptions.TrimEntries)
            .Any(part => part.StartsWith(AbortConnectKey, StringComparison.OrdinalIgnoreCase));
}
