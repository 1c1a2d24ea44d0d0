using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace MediaAspire.Api.Problems;

/// <summary>The parameters of a route whose values in a request are of another type.</summary>
/// <remarks>The handlers that ASP.NET Core generates refuse such a request with 400, and do not say why.</remarks>
internal static class MalformedParameters
{
    /// <summary>Finds the first parameter that cannot be read.</summary>
    /// <returns>What is wrong with it; <see langword="null"/> when every parameter can be read.</returns>
    public static string? Find(HttpContext http)
    {
        foreach (var parameter in http.GetEndpoint()?.Metadata.GetOrderedMetadata<IParameterBindingMetadata>() ?? [])
        {
            if (parameter.HasTryParse && ValueOf(http, parameter.Name) is { Length: > 0 } value
                && !IsReadable(parameter.ParameterInfo.ParameterType, value))
            {
                return $"The value \"{value}\" of the parameter \"{parameter.Name}\" is malformed.";
            }
        }

        return null;
    }

    private static string? ValueOf(HttpContext http, string name) =>
        http.Request.RouteValues[name] as string ?? http.Request.Query[name];

    private static bool IsReadable(Type type, string value)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
        {
            return Enum.TryParse(type, value, ignoreCase: true, out _);
        }

        const BindingFlags Static = BindingFlags.Public | BindingFlags.Static;
        var result = type.MakeByRefType();
        return type.GetMethod("TryParse", Static, [typeof(string), typeof(IFormatProvider), result]) is { } formatted
            ? formatted.Invoke(null, [value, CultureInfo.InvariantCulture, null]) is true
            : type.GetMethod("TryParse", Static, [typeof(string), result])?.Invoke(null, [value, null]) is not false;
    }
}
